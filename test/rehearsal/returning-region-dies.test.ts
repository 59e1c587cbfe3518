import { describe, expect, it } from 'vitest';
import exampleConfig from '../../switchyard.config.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, manualInput, rehearse } from '../_helpers/rehearse.ts';

const OUTAGE_AT_SECONDS = 3_900;
/** What `region-outage` allows from a fault to the first changed answer, seconds. */
const FIRST_ANSWER_WITHIN_SECONDS = 55;
/** The reconciler looks once a minute (lib/constructs/every-minute.ts). */
const ONE_LOOK_SECONDS = 60;

const CONFIG = {
  ...exampleConfig,
  failback: { ...exampleConfig.failback, rungs: [50, 100], bakeMinutes: 15, holdMinutes: 0, shareTolerancePercent: 15 },
};

/** The last rung bakes from about 3200 s on, and the lag of the new copy is measured since a few minutes after that. */
const SCENARIO: Scenario = {
  name: 'returning-region-dies-with-the-writer',
  about: 'the returning Region goes dark on the last rung, with the data writer and all traffic in it',
  untilSeconds: 4_300,
  faults: [
    { kind: 'region-dark', region: 'primary', atSeconds: 600, untilSeconds: 1_200 },
    { kind: 'region-dark', region: 'primary', atSeconds: OUTAGE_AT_SECONDS },
  ],
  actions: [
    {
      action: 'start',
      machine: 'failback',
      atSeconds: 1_800,
      input: manualInput({ source: '{standby}', target: '{primary}' }),
    },
  ],
  expectations: [{ text: 'there is a failback', path: 'operations.length', op: 'atLeast', value: 2 }],
};

describe('a returning Region that dies with the data writer and all traffic in it', () => {
  it('is left by an ordinary failover, within what that takes and one look of the reconciler', async () => {
    const { operations, world, answers, ...result } = await rehearse({ scenario: SCENARIO, config: CONFIG });
    expect(broken({ operations, world, answers, ...result })).toEqual([]);
    const [, failback, failover] = operations;
    expect(failback).toMatchObject({ kind: 'failback', status: 'ABORTED' });
    expect(failback?.events.at(-1)).toMatchObject({
      step: 'reconcile-records',
      detail: { reasons: [expect.stringMatching(/^D200: /)] },
    });
    expect(failover).toMatchObject({ kind: 'failover', status: 'SUCCEEDED' });
    const answered = failover?.events.find(({ step, outcome }) => step === 'verify-answers' && outcome === 'done');
    const sinceOutage = (answered?.atSeconds ?? Number.POSITIVE_INFINITY) - OUTAGE_AT_SECONDS;
    expect(sinceOutage).toBeLessThan(FIRST_ANSWER_WITHIN_SECONDS + ONE_LOOK_SECONDS);
    expect(answers.atEnd).toEqual([{ value: 'tokyo.storefront.example', share: 1 }]);
    expect(world).toMatchObject({
      phase: 'FAILED_OVER',
      activeRegion: 'ap-northeast-1',
      writerRegion: 'ap-northeast-1',
    });
  }, 60_000);
});
