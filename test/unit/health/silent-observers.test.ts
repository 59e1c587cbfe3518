import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../../core/config/types.ts';
import { silentObservers } from '../../../core/health/silent-observers.ts';
import { SEOUL, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { reportSample, SAMPLE_TIME } from '../../_helpers/coordination-samples.ts';

const heard = (observer: string, secondsAgo: number) =>
  reportSample({ observer, reportedAtEpochMs: SAMPLE_TIME - secondsAgo * 1000 });
const silent = (config: ConfigInput['checks'], ...reports: readonly ReturnType<typeof heard>[]) =>
  silentObservers(testConfig(config === undefined ? {} : { checks: config }), { reports, nowEpochMs: SAMPLE_TIME });

describe('an observer', () => {
  it.each([
    { secondsAgo: 29, silents: [] },
    { secondsAgo: 30, silents: [] },
    { secondsAgo: 31, silents: [TOKYO] },
  ])('that was heard $secondsAgo s ago is silent after three rounds and not before', ({ secondsAgo, silents }) => {
    expect(silent(undefined, heard(SEOUL, 5), heard(SINGAPORE, 5), heard(TOKYO, secondsAgo))).toEqual(silents);
  });

  it('that was never heard is silent, and its newest word on any Region counts', () => {
    const ofTokyo = { ...heard(SEOUL, 5), subject: TOKYO };
    expect(silent(undefined, heard(SEOUL, 500), ofTokyo, heard(SINGAPORE, 1))).toEqual([TOKYO]);
  });

  it('has three of the shortest intervals where that is longer than a round', () => {
    const slow = { intervalSeconds: 60 };
    const checks = Object.fromEntries(Object.keys(testConfig().checks).map((name) => [name, slow]));
    const others = [heard(SEOUL, 5), heard(SINGAPORE, 5)];
    expect(silent(checks, ...others, heard(TOKYO, 180))).toEqual([]);
    expect(silent(checks, ...others, heard(TOKYO, 181))).toEqual([TOKYO]);
  });
});
