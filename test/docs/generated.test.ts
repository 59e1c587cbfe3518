import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GENERATED, regenerate } from '../../scripts/generate-docs.ts';

describe('generated parts of the documents', () => {
  it.each(Object.keys(GENERATED))('%s says what the code says (npm run docs writes it)', async (path) => {
    expect(readFileSync(path, 'utf8')).toBe(await regenerate(path));
  });
});
