import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runApp } from '../_helpers/run-bin.ts';
import { temporaryFolder } from '../_helpers/synthesize.ts';

/** Runs the app and says where its manifest would be. */
function synthesize(config: string) {
  const output = temporaryFolder('app');
  return { ...runApp(config, output), manifest: join(output, 'manifest.json') };
}

describe('the CDK app', () => {
  it('synthesizes the config that the context names', () => {
    const { code, errors, manifest } = synthesize('test/_fixtures/configs/dns-failover.json');
    expect(errors).toBe('');
    expect(code).toBe(0);
    expect(readFileSync(manifest, 'utf8')).toContain('switchyard-brochure-routing');
  });

  it('explains every problem of a refused config, without a stack trace, and ends with 2', () => {
    const file = join(temporaryFolder('config'), 'refused.json');
    writeFileSync(file, JSON.stringify({ application: 'Storefront', regions: [] }));
    const { code, errors, manifest } = synthesize(file);
    expect(code).toBe(2);
    expect(errors).toMatch(/^the config is refused:\n- application: must be 1–20 characters/);
    expect(errors).toContain('- record: is missing');
    expect(errors).not.toMatch(/^\s+at /m);
    expect(existsSync(manifest)).toBe(false);
  });

  it.each([
    {
      what: 'a file that is not there',
      name: 'missing.json',
      text: undefined,
      says: 'the file cannot be read (ENOENT)',
    },
    { what: 'a file that is not JSON', name: 'broken.json', text: '{', says: 'the file is not JSON' },
    { what: 'a module that throws', name: 'broken.ts', text: 'throw new Error("no");', says: 'cannot be loaded: no' },
  ])('refuses $what', ({ name, text, says }) => {
    const file = join(temporaryFolder('config'), name);
    if (text !== undefined) writeFileSync(file, text);
    const { code, errors } = synthesize(file);
    expect(code).toBe(2);
    expect(errors).toContain(says);
  });
});
