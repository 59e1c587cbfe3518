import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { recordingIo } from '../_helpers/recording-io.ts';

let scratch = '';
let page = '';

beforeAll(async () => {
  page = await readFile('docs/cloudwatch-evaluate.md', 'utf8');
  scratch = await mkdtemp(join(tmpdir(), 'switchyard-docs-'));
});
afterAll(() => rm(scratch, { recursive: true }));

/** The code blocks of the page with this label, in order. */
function blocks(label: string): readonly string[] {
  return [...page.matchAll(/```(.*)\n([\s\S]*?)```/g)]
    .filter(([, found]) => found === label)
    .map(([, , text = '']) => text);
}

/** The words of a command line with single quotes. */
function words(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('docs/cloudwatch-evaluate.md', () => {
  it('shows what each of its commands prints', async () => {
    const [fixture = ''] = blocks('json fixture');
    const commands = blocks('sh');
    const outputs = blocks('json output');
    expect(commands).toHaveLength(2);
    expect(outputs).toHaveLength(2);
    await writeFile(join(scratch, 'storefront-errors.json'), fixture);
    for (const [index, command] of commands.entries()) {
      const io = recordingIo();
      expect(command).toMatch(/^npm run -s switchyard -- /);
      const args = words(command.replace('storefront-errors.json', join(scratch, 'storefront-errors.json'))).slice(5);
      expect(await main(args, io)).toBe(0);
      expect(JSON.parse(io.output)).toEqual(JSON.parse(outputs[index] ?? ''));
    }
  });
});
