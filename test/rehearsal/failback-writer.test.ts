import { describe, expect, it } from 'vitest';
import exampleConfig from '../../switchyard.config.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Action, Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, manualInput, rehearse } from '../_helpers/rehearse.ts';

/* Who may write while a failback moves the writer, gives up, or is given up: a short ladder, in one and a half hours at most. */

const CONFIG = {
  ...exampleConfig,
  failover: { ...exampleConfig.failover, lagMinutes: 3 },
  failback: { ...exampleConfig.failback, rungs: [50, 100], bakeMinutes: 4, holdMinutes: 0, shareTolerancePercent: 15 },
};
const SINGAPORE = 'ap-southeast-1';
const TOKYO = 'ap-northeast-1';
const START: Action = {
  action: 'start',
  machine: 'failback',
  atSeconds: 1_800,
  input: manualInput({ source: '{standby}', target: '{primary}' }),
};

/** An outage of ten minutes, a failback ten minutes later, and what becomes of it. */
function story(
  faults: Scenario['faults'],
  untilSeconds: number,
  actions: readonly Action[] = [],
): Promise<RehearsalResult> {
  return rehearse({
    config: CONFIG,
    scenario: {
      name: 'failback-writer',
      about: 'a failback whose writer has to wait',
      untilSeconds,
      faults: [{ kind: 'region-dark', region: 'primary', atSeconds: 600, untilSeconds: 1_200 }, ...faults],
      actions: [START, ...actions],
      expectations: [{ text: 'the failback is told', path: 'operations[1].kind', op: 'equals', value: 'failback' }],
    },
  });
}

const linesOf = ({ operations }: RehearsalResult, step: string) =>
  (operations[1]?.events ?? []).filter((event) => event.step === step);

describe('a failback whose copy falls behind', () => {
  it('waits before it fences anybody, and moves the writer once the copy is there', async () => {
    const result = await story(
      [{ kind: 'replication-lag', seconds: 120, atSeconds: 2_100, untilSeconds: 2_500 }],
      3_600,
    );
    expect(broken(result)).toEqual([]);
    expect(result.operations).toHaveLength(2);
    expect(result.failback.status).toBe('SUCCEEDED');
    const fence = linesOf(result, 'fence-source').find(({ outcome }) => outcome === 'done')?.atSeconds ?? 0;
    const moved = linesOf(result, 'check-promotion').find(({ outcome }) => outcome === 'done')?.atSeconds ?? Infinity;
    expect(fence).toBeGreaterThan(2_500);
    expect(moved - fence).toBeLessThan(60);
    expect(result.world).toMatchObject({ phase: 'STEADY', activeRegion: SINGAPORE, writerRegion: SINGAPORE });
  }, 120_000);

  it('leaves the ladder where it stays behind, with the writer where it was', async () => {
    const result = await story(
      [{ kind: 'replication-lag', seconds: 900, atSeconds: 2_100, untilSeconds: 6_000 }],
      2_900,
    );
    expect(broken(result)).toEqual([]);
    expect(result.failback.status).toBe('ABORTED');
    expect(linesOf(result, 'fence-source')).toEqual([]);
    expect(result.world).toMatchObject({ phase: 'FAILED_OVER', activeRegion: TOKYO, writerRegion: TOKYO });
    expect(result.answers.atEnd).toEqual([{ value: 'tokyo.storefront.example', share: 1 }]);
    expect(result.notifications.at(-1)?.text).toMatch(/lag into ap-southeast-1 is 9\d\d\.\d s, 5 s are allowed/);
  }, 120_000);
});

describe('a failback that is given up with the writer in the returning Region', () => {
  it('makes it the active one, so that a failover can leave it', async () => {
    const result = await story(
      [
        { kind: 'errors', region: 'primary', share: 0.2, atSeconds: 2_700 },
        { kind: 'region-dark', region: 'primary', atSeconds: 3_050 },
        {
          ...{ kind: 'api-refused', service: 'rds', operation: 'SwitchoverGlobalCluster', atSeconds: 2_700 },
          ...{ error: 'InvalidGlobalClusterStateFault', message: 'not now' },
        },
      ],
      3_700,
      [
        { action: 'abort', atSeconds: 3_000 },
        { action: 'start', machine: 'failover', atSeconds: 3_250, input: manualInput() },
      ],
    );
    expect(result.operations.map(({ kind, status }) => [kind, status])).toEqual([
      ['failover', 'SUCCEEDED'],
      ['failback', 'NEEDS_OPERATOR'],
      ['failover', 'SUCCEEDED'],
    ]);
    expect(result.world).toMatchObject({ activeRegion: TOKYO, writerRegion: TOKYO });
  }, 120_000);
});
