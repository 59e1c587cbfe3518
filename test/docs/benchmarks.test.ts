import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

interface Document {
  readonly bundles: readonly { readonly name: string; readonly outcome: string; readonly calls: readonly string[] }[];
}

/** How fast it was is for the bench to judge, on a machine that has nothing else to do: so either exit code will do. */
async function benchBundles(options: readonly string[]): Promise<Document> {
  const command = ['scripts/bench/bundles.ts', '--json', '--samples', '1', ...options];
  const { stdout } = await promisify(execFile)(process.execPath, command).catch((error) => {
    if (error.code === 1) return error as { stdout: string };
    throw error;
  });
  return JSON.parse(stdout) as Document;
}

describe('npm run bench:bundles', () => {
  it('measures up to a result that calls of AWS went into', async () => {
    const { bundles } = await benchBundles(['--only', 'fence-source', '--only', 'observe-regions']);
    expect(bundles).toMatchObject([
      {
        name: 'fence-source',
        outcome: 'returned',
        calls: ['UpdateItem', 'GetItem', 'GetItem', 'UpdateItem', 'UpdateItem'],
      },
      { name: 'observe-regions', outcome: 'claimed', calls: ['GetItem', 'UpdateItem'] },
    ]);
  });
});
