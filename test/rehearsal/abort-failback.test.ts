import { beforeAll, describe, expect, it } from 'vitest';
import exampleConfig from '../../switchyard.config.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import type { Action, Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, manualInput, rehearse } from '../_helpers/rehearse.ts';

/** A short ladder, so that a failback takes a quarter of an hour. */
const CONFIG = {
  ...exampleConfig,
  failback: { ...exampleConfig.failback, rungs: [50, 100], bakeMinutes: 4, holdMinutes: 0, shareTolerancePercent: 15 },
};
const FAILBACK = 'failback-by-operator-1';
const wayBack = (changes: Readonly<Record<string, unknown>> = {}) =>
  manualInput({ source: '{standby}', target: '{primary}', ...changes });
const START: Action = { action: 'start', machine: 'failback', atSeconds: 1_800, input: wayBack() };

/** An outage of ten minutes, a failback, and what an operator does then. */
function story(actions: readonly Action[], untilSeconds?: number): Scenario {
  return {
    name: 'aborted-failback',
    about: 'an operator ends a failback while it waits',
    ...(untilSeconds === undefined ? {} : { untilSeconds }),
    faults: [{ kind: 'region-dark', region: 'primary', atSeconds: 600, untilSeconds: 1_200 }],
    actions: [START, ...actions],
    expectations: [{ text: 'there are two operations', path: 'operations.length', op: 'equals', value: 2 }],
  };
}

let whole: RehearsalResult;
beforeAll(async () => {
  whole = await rehearse({ scenario: story([]), config: CONFIG });
  expect(whole.notifications.at(-1)?.text).toContain('SUCCEEDED');
}, 60_000);

/** Stops the failback in the state, the first time that it comes by, and ends it once its function must be over. */
function abortedIn(state: string, faults: Scenario['faults'] = []): Promise<RehearsalResult> {
  const at = entered(state);
  if (Number.isNaN(at)) throw new Error(`the failback does not come by ${state}`);
  const input = wayBack({ abort: FAILBACK, reason: 'no need', requestedBy: 'ann' });
  const actions: readonly Action[] = [
    { action: 'stop', atSeconds: at + 0.3 },
    { action: 'start', machine: 'failback', atSeconds: at + 35, input },
  ];
  const told = story(actions, Math.ceil(at / 10) * 10 + 400);
  return rehearse({ scenario: { ...told, faults: [...told.faults, ...faults] }, config: CONFIG });
}

/** When a state was entered for the first time in the whole failback, seconds. */
function entered(state: string): number {
  return whole.operations[1]?.states.find((each) => each.state === state)?.atSeconds ?? Number.NaN;
}

describe('a failback that an operator ends', () => {
  it.each([
    'WaitForSettledRecords',
    'WaitForSwitch',
    'WaitForCaches',
    'WaitForNextLook',
    'WaitForWriteLease',
    'WaitForSwitchover',
    'ValidateService',
  ])('in %s leaves all traffic and the writer in the Region that served', async (state) => {
    const result = await abortedIn(state);
    expect(broken(result)).toEqual([]);
    expect(result.failback.status).toBe('ABORTED');
    expect(result.answers.atEnd).toEqual([{ value: 'tokyo.storefront.example', share: 1 }]);
    expect(result.world).toMatchObject({
      phase: 'FAILED_OVER',
      activeRegion: 'ap-northeast-1',
      writerRegion: 'ap-northeast-1',
      evacuated: ['ap-southeast-1'],
      recordsPending: false,
    });
    expect(result.notifications.at(-1)?.text).toContain('ended by ann: no need');
  });

  it('while the writer is on its way waits for it, and has it moved back before the traffic', async () => {
    const at = entered('StartSwitchover');
    const slow = { kind: 'replication-lag', seconds: 60, atSeconds: at - 1, untilSeconds: at + 2 } as const;
    const result = await abortedIn('WaitForSwitchover', [slow]);
    const lines = result.operations[1]?.events.filter(({ step }) => step === 'retreat-failback') ?? [];
    expect(lines).toContainEqual(
      expect.objectContaining({ detail: { for: expect.stringContaining('the data writer is on its way') } }),
    );
    expect(result.failback.status).toBe('ABORTED');
    expect(result.world).toMatchObject({ writerRegion: 'ap-northeast-1', evacuated: ['ap-southeast-1'] });
  });

  it('while it is held, since its writer cannot be moved back, leaves traffic and writer together', async () => {
    const lastRung =
      whole.operations[1]?.events.findLast(({ step }) => step === 'write-records')?.atSeconds ?? Number.NaN;
    const told = story([{ action: 'abort', atSeconds: Math.ceil(lastRung) + 500 }], Math.ceil(lastRung) + 600);
    const result = await rehearse({
      scenario: {
        ...told,
        faults: [
          ...told.faults,
          { kind: 'errors', region: 'primary', share: 0.2, atSeconds: lastRung + 60 },
          {
            ...{ kind: 'api-refused', service: 'rds', operation: 'SwitchoverGlobalCluster', atSeconds: lastRung },
            ...{ error: 'InvalidGlobalClusterStateFault', message: 'not now' },
          },
        ],
      },
      config: CONFIG,
    });
    expect(broken(result)).toEqual([]);
    expect(result.failback.status).toBe('NEEDS_OPERATOR');
    expect(result.answers.atEnd).toEqual([{ value: 'singapore.storefront.example', share: 1 }]);
    expect(result.world).toMatchObject({ phase: 'NEEDS_OPERATOR', writerRegion: 'ap-southeast-1', evacuated: [] });
    expect(result.world.commits.at(-1)).toMatchObject({ region: 'ap-southeast-1', epoch: 3 });
    expect(result.notifications.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/could not be moved back to ap-northeast-1; ap-southeast-1 may write again: .*not now/),
    );
  });
});
