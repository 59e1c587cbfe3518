import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import committed from '../../lib/data/health-checker-ranges.json' with { type: 'json' };
import { checkRanges } from '../../scripts/check-ranges.ts';
import { closedPort, withLoopbackHttp } from '../_helpers/loopback-http.ts';
import { recordingIo } from '../_helpers/recording-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-ranges-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Range {
  readonly prefix: string;
  readonly region: string;
}

/** A document as AWS publishes it, with these ranges of health checkers among others. */
function published(ranges: readonly Range[]): string {
  const prefixes = ranges.map(({ prefix, region }) => ({
    ip_prefix: prefix,
    region,
    service: 'ROUTE53_HEALTHCHECKS',
    network_border_group: region,
  }));
  const other = { ip_prefix: '3.5.140.0/22', region: 'ap-northeast-2', service: 'AMAZON', network_border_group: 'x' };
  return JSON.stringify({ syncToken: '2', createDate: '2027-01-01-00-00-00', prefixes: [other, ...prefixes] });
}

function file(text: string): string {
  const path = join(mkdtempSync(join(folder, 'list-')), 'ip-ranges.json');
  writeFileSync(path, text);
  return path;
}

async function run(...args: readonly string[]) {
  const io = recordingIo();
  const code = await checkRanges(args, io);
  return { code, output: io.output, errors: io.errors };
}

describe('npm run check:ranges', () => {
  it('ends with 0 where the published list is ours', async () => {
    const { code, output, errors } = await run(file(published(committed.ranges)));
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toBe(
      `no drift: ${committed.ranges.length} ranges (lib/data/health-checker-ranges.json of ${committed.createDate}, published 2027-01-01-00-00-00)`,
    );
  });

  it('ends with 4 on drift, and says what came, what went and what to do', async () => {
    const [gone, ...kept] = committed.ranges;
    const came = { prefix: '192.0.2.0/26', region: 'ap-northeast-2' };
    const { code, output } = await run(file(published([...kept, came])));
    expect(code).toBe(4);
    expect(output.split('\n')).toEqual([
      '+ 192.0.2.0/26 ap-northeast-2: its checkers cannot see the switches',
      `- ${gone?.prefix} ${gone?.region}: no longer the checkers' own`,
      expect.stringMatching(/^drift: 1 added, 1 removed /),
      expect.stringContaining('bring lib/data/health-checker-ranges.json up to date'),
    ]);
  });

  it('reads the list from an address', async () => {
    await withLoopbackHttp(
      (_, response) => void response.end(published(committed.ranges.slice(1))),
      async ({ url }) => {
        const { code, output } = await run(`${url}/ip-ranges.json`);
        expect(code).toBe(4);
        expect(output).toContain('drift: 0 added, 1 removed');
      },
    );
  });

  it.each([
    { what: 'text that is not JSON', text: '{', says: ['is not JSON'] },
    { what: 'another document', text: '{"prefixes": [{}]}', says: ['syncToken: is missing', 'prefixes[0].service'] },
    { what: 'a block that is none', text: published([{ prefix: 'x', region: 'y' }]), says: ['is no block', '"x"'] },
  ])('refuses $what with 2 and every problem, from a file and from an address', async ({ text, says }) => {
    const fromFile = await run(file(text));
    const fromAddress = await withLoopbackHttp(
      (_, response) => void response.end(text),
      ({ url }) => run(url),
    );
    for (const { code, output, errors } of [fromFile, fromAddress]) {
      expect({ code, output }).toEqual({ code: 2, output: '' });
      for (const part of says) expect(errors).toContain(part);
    }
  });

  it.each([
    { what: 'a file that is not there', args: ['missing.json'], says: ['ENOENT'] },
    { what: 'an empty name', args: [''], says: ['is empty'] },
    { what: 'more than it takes', args: ['a', 'b', '--write'], says: ['one argument too many', '"--write"'] },
  ])('refuses $what with 2', async ({ args, says }) => {
    const { code, errors } = await run(...args);
    expect(code).toBe(2);
    for (const part of says) expect(errors).toContain(part);
  });

  it('ends with 1 where the address does not give the list', async () => {
    const refused = await withLoopbackHttp(
      (_, response) => void response.writeHead(503).end(),
      ({ url }) => run(url),
    );
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('HTTP status 503') });
    expect(await run(`http://127.0.0.1:${await closedPort()}`)).toMatchObject({ code: 1 });
  });

  it('tells how it is used', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, output: expect.stringContaining('Usage: npm run -s check:') });
  });
});
