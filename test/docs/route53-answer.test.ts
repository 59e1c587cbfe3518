import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { recordingIo } from '../_helpers/recording-io.ts';

const PAGE = readFileSync('docs/route53-answer.md', 'utf8');

/** The text of the page's code block that is marked so. */
function block(mark: string): string {
  const text = new RegExp(`\`\`\`json ${mark}\n([\\s\\S]*?)\`\`\``).exec(PAGE)?.[1];
  if (text === undefined) throw new Error(`the page has no block marked ${mark}`);
  return text.trim();
}

describe('docs/route53-answer.md', () => {
  it('shows what the command prints for its fixture', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'docs-'));
    const file = join(folder, 'example.json');
    writeFileSync(file, block('fixture'));
    const io = recordingIo();
    expect(await main(['route53', 'answer', file], io)).toBe(0);
    expect(io.output).toBe(block('output'));
    rmSync(folder, { recursive: true });
  });

  it('names every option that the commands have', async () => {
    for (const command of ['answer', 'serve']) {
      const io = recordingIo();
      await main(['route53', command, '--help'], io);
      const options = io.output.match(/--[a-z-]+/g) ?? [];
      for (const option of options) if (option !== '--help') expect(PAGE).toContain(option);
    }
  });
});
