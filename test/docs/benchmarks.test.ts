import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { ReconcileDocument } from '../../scripts/bench/reconcile/render.ts';
import type { RtoDocument } from '../../scripts/bench/rto/render.ts';
import { SKIPS_POSTGRES } from '../_helpers/postgres-required.ts';

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

describe('npm run bench:rto', () => {
  it('prints the outages of the seeds that it is asked for, ours beside plain Route 53', async () => {
    const command = ['scripts/bench/rto.ts', '--seeds', '2', '--seed', '5', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, command);
    const document = JSON.parse(stdout) as RtoDocument;
    const spread = {
      p50: expect.any(Number),
      p90: expect.any(Number),
      p99: expect.any(Number),
      max: expect.any(Number),
    };
    expect(document).toMatchObject({
      seeds: 2,
      ours: {
        firstChangedAnswerSeconds: spread,
        clientRtoSeconds: spread,
        phases: { detect: spread, answers: spread },
      },
      plainRoute53: { clientRtoSeconds: spread },
      published: [{ seconds: 120.88 }, { seconds: 165.6 }],
      lostSeeds: [],
      fleet: { one: { switchCalls: expect.any(Number) }, thousand: { virtualSeconds: expect.any(Number) } },
    });
    expect(document.worstSeeds.map(({ seed }) => seed).toSorted()).toEqual([5, 6]);
    expect(document.fleet.thousand.switchCalls).toBe(document.fleet.one.switchCalls);
    const { clientRtoSeconds } = document.ours;
    expect(clientRtoSeconds.p99).toBeGreaterThanOrEqual(document.floor.clientRtoSeconds);
    expect(clientRtoSeconds.max).toBeLessThanOrEqual(document.budgetSeconds);
    // A fleet of a thousand takes half a minute of a core that nobody else uses.
  }, 300_000);

  it('refuses a number of seeds that is none', async () => {
    const run = promisify(execFile)(process.execPath, ['scripts/bench/rto.ts', '--seeds', '0']);
    await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--seeds is "0"') });
  });
});

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

describe('npm run bench:reconcile', () => {
  /** With so few rows the time is that of round trips, and says nothing: so either exit code will do. */
  it.skipIf(SKIPS_POSTGRES)('finds, repairs and keeps what it injected, in every shape', async () => {
    const command = ['scripts/bench/reconcile.ts', '--rows', '10000', '--seed', '3', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, command).catch((error) => {
      if (error.code === 1) return error as { stdout: string };
      throw error;
    });
    const { rows, shapes } = JSON.parse(stdout) as ReconcileDocument;
    expect(rows).toBe(10_000);
    expect(shapes.map(({ shape }) => shape).toSorted()).toEqual(['diverged', 'edges', 'equal', 'gaps', 'scattered']);
    for (const figures of shapes) {
      const { injected, unresolved } = figures;
      expect(injected > 0, figures.shape).toBe(figures.shape !== 'equal');
      expect(figures, figures.shape).toMatchObject({ found: injected, wrong: 0, lost: 0, clean: true });
      expect(figures.repaired + unresolved, figures.shape).toBe(injected);
      expect(unresolved > 0, figures.shape).toBe(injected > 0);
      for (const number of [figures.rowsPerSecond, figures.seconds, figures.floorSeconds, figures.bytesMoved]) {
        expect(number, figures.shape).toBeGreaterThan(0);
      }
      expect(figures.peakMemoryMb, figures.shape).toBeLessThanOrEqual(256);
    }
  });

  it('refuses a number of rows that is none', async () => {
    const run = promisify(execFile)(process.execPath, ['scripts/bench/reconcile.ts', '--rows', 'many']);
    await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--rows is "many"') });
  });
});
