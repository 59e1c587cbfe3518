import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseContractHealth } from '../../core/health/contract.ts';

const text = readFileSync('docs/contract-health.md', 'utf8');

function block(mark: string): string {
  return new RegExp(`\`\`\`${mark}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
}

describe('docs/contract-health.md', () => {
  it('shows a document that observers read', () => {
    expect(parseContractHealth(block('json'))?.checks['order-service']).toMatchObject({ healthyInstances: 9 });
  });

  it('shows an application that answers as it says', () => {
    const printed = execFileSync(process.execPath, ['--input-type=module-typescript', '--eval', block('ts example')], {
      encoding: 'utf8',
      env: { ...process.env, PORT: '0' },
    });
    expect(printed).toBe(block('json answer'));
    expect(parseContractHealth(printed)?.status).toBe('failed');
  });
});
