import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { temporaryFolder } from '../_helpers/synthesize.ts';

/** Runs the script as `npm run synth:matrix` does. */
function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/synth-matrix.ts', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** It bundles every function, in a process of its own, beside other tests that do so too. */
const BUNDLING_MS = 180_000;

describe('npm run synth:matrix', { timeout: BUNDLING_MS }, () => {
  it('is the script that is tested here', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(scripts['synth:matrix']).toBe('node scripts/synth-matrix.ts');
  });

  it.each([
    { name: 'b-active-passive-2', stacks: ['coordination', 'region-', 'region-', 'routing', 'vantage-'] },
    { name: 'c-global-load-balancer-5', stacks: ['routing'] },
  ])('puts the templates of $name into a folder, the config beside them', ({ name, stacks }) => {
    const output = temporaryFolder('matrix');
    expect(run('-o', output, '--only', name)).toEqual({ status: 0, stdout: `${join(output, name)}\n`, stderr: '' });
    expect(readdirSync(output)).toEqual([name]);
    const templates = readdirSync(join(output, name)).filter((file) => file.endsWith('.template.json'));
    expect(templates).toEqual(stacks.map((stack) => expect.stringContaining(`-${stack}`)));
    const config = JSON.parse(readFileSync(join(output, name, 'config.json'), 'utf8'));
    expect(name).toContain(resolveConfig(config).preset);
  });

  it.each([
    { args: [], says: 'the folder is missing' },
    {
      args: ['-o', 'nowhere', '--only', 'x-ray'],
      says: 'no config has "x-ray" in its name; allowed: b-active-passive-2,',
    },
    { args: ['--out', 'nowhere'], says: "Unknown option '--out'" },
  ])('refuses $args and writes nothing', ({ args, says }) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/\nusage: npm run synth:matrix -- -o <folder>/);
    expect(existsSync('nowhere')).toBe(false);
  });
});
