import { describe, expect, it } from 'vitest';
import exampleConfig from '../../switchyard.config.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, manualInput, rehearse } from '../_helpers/rehearse.ts';

const CONFIG = {
  ...exampleConfig,
  failback: { ...exampleConfig.failback, rungs: [50, 100], bakeMinutes: 4, holdMinutes: 0, shareTolerancePercent: 15 },
};

/** Errors on the first rung, while no guardian takes the switch that would put traffic back. */
const SCENARIO: Scenario = {
  name: 'held-retreat',
  about: 'a failback that was held on its way back and is resumed',
  untilSeconds: 2_900,
  faults: [
    { kind: 'region-dark', region: 'primary', atSeconds: 600, untilSeconds: 1_200 },
    { kind: 'errors', region: 'primary', share: 0.3, atSeconds: 2_200 },
    {
      kind: 'api-refused',
      service: 's3',
      operation: 'PutObject',
      atSeconds: 2_200,
      untilSeconds: 2_600,
      error: 'SlowDown',
      message: 'Please reduce your request rate',
    },
  ],
  actions: [
    {
      action: 'start',
      machine: 'failback',
      atSeconds: 1_800,
      input: manualInput({ source: '{standby}', target: '{primary}' }),
    },
    { action: 'resume', atSeconds: 2_620 },
  ],
  expectations: [{ text: 'there is a failback', path: 'operations.length', op: 'equals', value: 2 }],
};

describe('a failback that was held while it put traffic back', () => {
  it('goes on with that once the guardians take its switch again', async () => {
    const result = await rehearse({ scenario: SCENARIO, config: CONFIG });
    expect(broken(result)).toEqual([]);
    const failback = result.operations.find(({ kind }) => kind === 'failback');
    const resumed = failback?.events.findIndex(({ step, detail }) => step === 'hold-operation' && 'answer' in detail);
    const steps = failback?.events.slice(resumed).map(({ step }) => step);
    expect(steps).toContain('retreat-failback');
    expect(steps).not.toContain('check-rung');
    expect(steps).not.toContain('open-switch');
    expect(failback).toMatchObject({ status: 'ABORTED' });
    expect(result.world).toMatchObject({
      phase: 'FAILED_OVER',
      activeRegion: 'ap-northeast-1',
      writerRegion: 'ap-northeast-1',
      evacuated: ['ap-southeast-1'],
    });
  });
});
