import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../_helpers/synthesize.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the app as the CDK does: no account, no credentials, context and output folder from the environment. */
function runApp(config: string): {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly manifest: string;
} {
  const output = temporaryFolder('app');
  const { status, stderr } = spawnSync(process.execPath, ['bin/switchyard-app.ts'], {
    cwd: PROJECT,
    encoding: 'utf8',
    env: { CDK_OUTDIR: output, CDK_CONTEXT_JSON: JSON.stringify({ config }) },
  });
  return { exitCode: status, stderr, manifest: join(output, 'manifest.json') };
}

describe('the CDK app', () => {
  it('synthesizes the config that the context names', () => {
    const { exitCode, stderr, manifest } = runApp('test/_fixtures/configs/dns-failover.json');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(readFileSync(manifest, 'utf8')).toContain('switchyard-brochure-routing');
  });

  it('explains every problem of a refused config, without a stack trace, and ends with 2', () => {
    const file = join(temporaryFolder('config'), 'refused.json');
    writeFileSync(file, JSON.stringify({ application: 'Storefront', regions: [] }));
    const { exitCode, stderr, manifest } = runApp(file);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^the config is refused:\n- application: must be 1–20 characters/);
    expect(stderr).toContain('- record: is missing');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(manifest)).toBe(false);
  });

  it.each([
    { what: 'a file that is not there', name: 'missing.json', text: undefined, says: 'the file does not exist' },
    { what: 'a file that is not JSON', name: 'broken.json', text: '{', says: 'the file cannot be loaded' },
    { what: 'a module that throws', name: 'broken.ts', text: 'throw new Error("no");', says: 'cannot be loaded: no' },
  ])('refuses $what', ({ name, text, says }) => {
    const file = join(temporaryFolder('config'), name);
    if (text !== undefined) writeFileSync(file, text);
    const { exitCode, stderr } = runApp(file);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
