import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { recordingIo } from '../_helpers/recording-io.ts';
import { runSwitchyard } from '../_helpers/run-bin.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-'));
afterAll(() => rmSync(folder, { recursive: true }));

const QUIET = {
  name: 'quiet',
  about: 'Nothing happens.',
  untilSeconds: 60,
  faults: [],
  actions: [],
  expectations: [{ text: 'nothing starts', path: 'failover.status', op: 'equals', value: 'NOT_STARTED' }],
};

function scenario(name: string, content: object = QUIET): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

async function rehearse(...args: readonly string[]) {
  const io = recordingIo();
  const code = await main(['rehearse', ...args], io);
  return { code, output: io.output, errors: io.errors };
}

describe('the folder of a report', () => {
  it('is made, and holds the printed document', async () => {
    const report = join(folder, 'made', 'for', 'it');
    const { code, output } = await rehearse(scenario('quiet'), '--json', '--report', report);
    expect(code).toBe(0);
    expect(readdirSync(report)).toEqual(['quiet-seed-1.json', 'quiet-seed-1.md']);
    expect(readFileSync(join(report, 'quiet-seed-1.json'), 'utf8')).toBe(`${output}\n`);
  });

  it.skipIf(!existsSync('/proc'))('is refused at once where no folder can be made', () => {
    const { code, output, errors } = runSwitchyard(
      'rehearse',
      scenario('quiet'),
      '--report',
      '/proc/switchyard/report',
    );
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toBe(
      '--report is refused:\n- /proc/switchyard/report: cannot be written (ENOENT); name a folder that may be written\n',
    );
  });

  it('is refused where a folder lies in the way of a file', async () => {
    const report = join(folder, 'taken');
    mkdirSync(join(report, 'quiet-seed-3.md'), { recursive: true });
    const { code, output, errors } = await rehearse(scenario('quiet'), '--seed', '3', '--report', report);
    expect({ code, output }).toEqual({ code: 2, output: '' });
    expect(errors).toContain('quiet-seed-3.md: is in the way of a file of the report; move it away');
  });

  it.each([
    { what: 'a file', path: 'file', reason: 'cannot be written (EEXIST)' },
    { what: 'below a file', path: 'file/below', reason: 'cannot be written (EEXIST)' },
  ])('is refused where it is $what', async ({ path, reason }) => {
    writeFileSync(join(folder, 'file'), '');
    const { code, errors } = await rehearse(scenario('quiet'), '--report', join(folder, path));
    expect(code).toBe(2);
    expect(errors).toContain(reason);
  });

  it('is refused where its path is empty', async () => {
    expect(await rehearse(scenario('quiet'), '--report', '')).toMatchObject({ code: 2, output: '' });
  });

  it.each([
    { what: 'the scenario', args: ['nosuch'] },
    {
      what: 'a Region of the scenario',
      args: [scenario('mars', { ...QUIET, faults: [{ kind: 'region-dark', atSeconds: 1, region: 'mars' }] })],
    },
    { what: 'the config', args: ['region-outage', '--config', 'nope.ts'] },
    { what: 'the preset', args: ['region-outage', '--config', 'test/_fixtures/configs/dns-failover.json'] },
    { what: 'the seed', args: ['region-outage', '--seed', 'x'] },
  ])('is not left behind where $what is refused', async ({ args }) => {
    const report = join(folder, 'never', 'made');
    expect(await rehearse(...args, '--report', report)).toMatchObject({ code: 2, output: '' });
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});

describe('what is refused', () => {
  it('is all told at once', async () => {
    writeFileSync(join(folder, 'in-the-way'), '');
    const report = join(folder, 'in-the-way');
    const { code, errors } = await rehearse('nosuch', '--config', 'nope.ts', '--seed', 'x', '--report', report);
    expect(code).toBe(2);
    expect(errors.match(/^.+ is refused:$/gm)).toEqual([
      'the command line is refused:',
      'the config is refused:',
      'the scenario is refused:',
      '--report is refused:',
    ]);
  });

  it.each(['', '0x10', '1e3', ' 1', '-1', '1.5', '9007199254740992'])('is the seed %j', async (seed) => {
    const { code, errors } = await rehearse(scenario('quiet'), '--seed', seed);
    expect(code).toBe(2);
    expect(errors).toContain(
      `--seed: is no whole number in range (found ${JSON.stringify(seed)}; allowed: a whole number`,
    );
  });
});
