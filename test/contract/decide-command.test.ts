import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { decideOn } from '../../core/decision/decide-on.ts';
import { type DecisionRecord, decisionRecord } from '../../core/decision/record.ts';
import storefront from '../../switchyard.config.ts';
import { dnsInput, passiveInput, SINGAPORE, TOKYO } from '../_helpers/config.ts';
import { NOW, reportsOn } from '../_helpers/observations.ts';
import { stateOf } from '../_helpers/operations.ts';
import { recordingIo } from '../_helpers/recording-io.ts';
import { inOrder, probesOver } from '../_helpers/traces.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-decide-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const io = recordingIo();
  const code = await main(['decide', ...args], io);
  return { code, output: io.output, errors: io.errors };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('switchyard decide --trace', () => {
  const lines = inOrder(
    probesOver(storefront, 180, ({ t, subject }) => (subject === SINGAPORE && t >= 60 ? 'failed' : 'passed')),
  );
  const trace = file('night.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));

  it('prints a line of JSON for every change', async () => {
    const { code, output, errors } = await run('--trace', trace, '--json');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    const verdicts = output.split('\n').map((line) => JSON.parse(line));
    expect(verdicts.map(({ t, ruleId }) => [t, ruleId])).toEqual([
      [0, 'D100'],
      [10, 'D900'],
      [90, 'D200'],
    ]);
    expect(Object.keys(verdicts[2])).toEqual([
      't',
      'subject',
      'outcome',
      'ruleId',
      'confidence',
      'reason',
      'closedGate',
    ]);
    expect(verdicts[2]).toMatchObject({
      subject: SINGAPORE,
      outcome: 'AUTOMATIC_FAILOVER',
      confidence: 'HIGH',
      closedGate: null,
    });
  });

  it('prints the same for a program that reads it, and a table for a person', async () => {
    expect((await run('--trace', trace)).output).toBe((await run('--trace', trace, '--json')).output);
    const io = { ...recordingIo(), readByPerson: true };
    const said: string[] = [];
    await main(['decide', '--trace', trace], { ...io, out: (text) => void said.push(text) });
    expect(said[2]).toMatch(
      /^ +90 s {2}D200 AUTOMATIC_FAILOVER ap-southeast-1, confidence HIGH: complete regional failure/,
    );
  });

  it('judges by another policy where one is given', async () => {
    const config = file(
      'slower.json',
      passiveInput({
        checks: {
          'region-connectivity': { failureThreshold: 6 },
          'database-writer': { failureThreshold: 6 },
          'cache-cluster': { failureThreshold: 6 },
        },
      }),
    );
    const { output } = await run('--trace', trace, '--json', '--config', config);
    expect(output.split('\n').map((line) => JSON.parse(line).t)).toEqual([0, 10, 100, 120]);
  });

  it('says so where nothing would ever decide', async () => {
    const config = file('records.json', dnsInput());
    const lone = file('lone.jsonl', JSON.stringify({ t: 5, end: true }));
    const { code, errors } = await run('--trace', lone, '--config', config);
    expect(code).toBe(0);
    expect(errors).toContain('nothing decides under the preset dns-failover');
  });

  it('refuses what it cannot read, with the number of every line', async () => {
    const { code, output, errors } = await run('--trace', file('bad.jsonl', '{"t":1}\n{\n'));
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toMatch(
      /^the trace .*bad\.jsonl is refused:\n- line 1: is no line of a trace .*\n- line 2: is not JSON/,
    );
  });

  it.each([
    { args: [], says: 'neither --trace nor --replay is given' },
    { args: ['--trace', 'a', '--replay', 'b'], says: 'both --trace and --replay are given' },
    { args: ['--trace', 'nowhere.jsonl'], says: 'the file cannot be read (ENOENT)' },
  ])('refuses $args', async ({ args, says }) => {
    const { code, errors } = await run(...args);
    expect(code).toBe(2);
    expect(errors).toContain(says);
  });
});

describe('switchyard decide --replay', () => {
  const situation = {
    state: stateOf(),
    decision: undefined,
    reports: [...reportsOn(storefront, { all: 'failed' }), ...reportsOn(storefront, { subject: TOKYO })],
  };
  const sight = { config: storefront, situation, nowEpochMs: NOW };
  const record: DecisionRecord = decisionRecord(sight, decideOn(sight));
  const json = JSON.parse(JSON.stringify(record));

  it.each([
    { what: 'plain', printed: json },
    { what: 'as an item', printed: { Item: marshall({ application: 'storefront', item: 'decision#now', ...json }) } },
    { what: 'as the first of a query', printed: { Items: [marshall(json)], Count: 1 } },
  ])('draws a verdict again that was kept ($what)', async ({ printed }) => {
    const { code, output } = await run('--replay', file('record.json', printed));
    expect(code).toBe(0);
    expect(output).toMatch(
      /^D200 AUTOMATIC_FAILOVER ap-southeast-1, confidence HIGH: complete regional failure: .*\nthe same verdict as the one that was kept$/,
    );
  });

  it('fails where it comes out otherwise', async () => {
    const other = { ...json, decision: { ...json.decision, ruleId: 'D900', outcome: 'NO_ACTION' } };
    const { code, output } = await run('--replay', file('other.json', other), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ kept: { ruleId: 'D900' }, replayed: { ruleId: 'D200' }, same: false });
  });

  it('shows what another policy would have decided', async () => {
    const config = file('manual.json', passiveInput({ automation: { enabled: false } }));
    const { code, output } = await run('--replay', file('record.json', json), '--config', config);
    expect(code).toBe(0);
    expect(output).toMatch(
      /^kept: {5}D200 AUTOMATIC_FAILOVER .*\nreplayed: D200 MANUAL_REVIEW .*automation is disabled/,
    );
  });

  it('refuses what is no record, naming all that is wrong', async () => {
    const broken = {
      schemaVersion: 2,
      decision: {},
      input: { ...json.input, nowEpochMs: 'noon', situation: { ...json.input.situation, reports: {} } },
    };
    const { code, output, errors } = await run('--replay', file('broken.json', broken));
    expect({ code, output }).toEqual({ code: 2, output: '' });
    for (const path of ['schemaVersion', 'decision.subject', 'input.nowEpochMs', 'input.situation.reports'])
      expect(errors).toContain(`- ${path}: `);
  });

  it.each([
    { what: 'nothing', printed: {}, says: '- schemaVersion: is missing' },
    { what: 'an item that is none', printed: { Item: { a: { X: 1 } } }, says: 'is no item of DynamoDB' },
    {
      what: 'a Region of another config',
      printed: {
        ...json,
        input: { ...json.input, situation: { ...json.input.situation, state: stateOf({ activeRegion: 'zz' }) } },
      },
      says: '- input.situation.state.activeRegion: is no Region of the config',
    },
    {
      what: 'a config that is refused',
      printed: { ...json, input: { ...json.input, config: '{"application":5}' } },
      says: 'the config is refused',
    },
  ])('refuses $what', async ({ printed, says }) => {
    const { code, errors } = await run('--replay', file('refused.json', printed));
    expect(code).toBe(2);
    expect(errors).toContain(says);
  });
});
