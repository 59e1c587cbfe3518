import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runInShell } from '../_helpers/run-bin.ts';

describe('a stream that breaks', () => {
  it('is no fault where nobody reads the result any more', () => {
    expect(runInShell(`$SWITCHYARD config 2>/dev/null | true`)).toEqual({ code: 141, output: '', errors: '' });
  });

  it.skipIf(!existsSync('/dev/full'))('is a failure where the result is lost', () => {
    const { code, errors } = runInShell(`$SWITCHYARD config > /dev/full`);
    expect(code).toBe(1);
    expect(errors).toContain('standard output cannot be written (ENOSPC)\n');
    expect(errors).not.toMatch(/\n {4}at /);
  });

  it('costs what was said there alone where nobody reads complaints and progress', () => {
    const { code, output } = runInShell('$SWITCHYARD config 2> >(true)');
    expect(code).toBe(0);
    expect(JSON.parse(output)).toHaveProperty('application', 'storefront');
  });
});
