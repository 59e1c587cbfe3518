import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { main } from '../../cli/main.ts';
import { recordingIo } from '../_helpers/recording-io.ts';

/** Every command line of ours in a block of shell, without its remark. */
function commands(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8');
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  const inline = [...text.matchAll(/`(npm run -s switchyard -- [^`]+)`/g)].map(([, command = '']) => command);
  return [...blocks.flatMap((block) => block.split('\n')), ...inline]
    .filter((line) => line.startsWith('npm run -s switchyard -- '))
    .map((line) => line.replace(/ +#.*$/, ''));
}

describe.each(['docs/deploy.md', 'docs/cost.md'])('%s', (path) => {
  it.each(commands(path))('shows a command that works: %s', async (command) => {
    const io = recordingIo();
    expect(await main(command.replace('npm run -s switchyard -- ', '').split(' '), io)).toBe(0);
    expect(io.output).not.toBe('');
  });
});

it('docs/deploy.md tells every guard that synthesis has', () => {
  const text = readFileSync('docs/deploy.md', 'utf8');
  const index = readFileSync('lib/guards/index.ts', 'utf8');
  const guards = [...index.matchAll(/from '\.\/([a-z-]+)\.ts'/g)].map(([, name = '']) => name.replaceAll('-', ' '));
  expect(guards.filter((name) => name !== 'guard' && !text.toLowerCase().includes(`| ${name} |`))).toEqual([]);
});
