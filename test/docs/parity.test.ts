import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import { parseGoldAnswer } from '../../core/parity/gold-probes.ts';
import { parityItems } from '../../core/parity/items.ts';
import storefront from '../../switchyard.config.ts';

const text = readFileSync('docs/parity.md', 'utf8');

function block(mark: string): string {
  return new RegExp(`\`\`\`${mark}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
}

describe('docs/parity.md', () => {
  it('shows a config that has every item on, and lists each', () => {
    const config = resolveConfig({ ...storefront, parity: JSON.parse(block('json config')) });
    const listed = [...text.matchAll(/^\| `([a-z:<>-]+)` \|/gm)].map(([, item = '']) =>
      item.replace('<name>', 'media'),
    );
    expect(listed.filter((item) => parityItems(config).includes(item))).toEqual(parityItems(config));
    expect(parityItems(config)).toHaveLength(5);
  });

  it('shows an application that answers gold probes as it says', () => {
    const printed = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', block('ts example')], {
      encoding: 'utf8',
    });
    expect(printed).toBe(block('json answer'));
    expect(parseGoldAnswer({ answered: true, status: 200, body: printed })).toMatchObject({ vector: [20, 1, 0] });
  });
});
