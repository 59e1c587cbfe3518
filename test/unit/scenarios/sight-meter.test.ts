import { describe, expect, it } from 'vitest';
import type { HealthStatus } from '../../../core/health/check-state.ts';
import type { ObserverReport } from '../../../core/health/report.ts';
import { createSightMeter } from '../../../twin/scenarios/sight-meter.ts';

const said = (observer: string, status: HealthStatus): ObserverReport =>
  ({ observer, subject: 'here', checks: { cache: { status } } }) as unknown as ObserverReport;

describe('a check that is lost from sight', () => {
  it.each<{ what: string; words: readonly (readonly [string, HealthStatus])[]; times: number }>([
    { what: 'never, where it was never known', words: [['a', 'unknown']], times: 0 },
    {
      what: 'never, while one observer knows it',
      words: [
        ['a', 'passed'],
        ['b', 'passed'],
        ['a', 'unknown'],
      ],
      times: 0,
    },
    {
      what: 'once, where it stays unknown',
      words: [
        ['a', 'failed'],
        ['a', 'unknown'],
        ['a', 'unknown'],
      ],
      times: 1,
    },
    {
      what: 'twice, where it was known in between',
      words: [
        ['a', 'passed'],
        ['a', 'unknown'],
        ['b', 'passed'],
        ['b', 'unknown'],
      ],
      times: 2,
    },
  ])('is so $what', ({ words, times }) => {
    const meter = createSightMeter();
    for (const [observer, status] of words) meter.observe(said(observer, status));
    expect(meter.all()).toEqual(times === 0 ? [] : [{ region: 'here', check: 'cache', times }]);
  });
});
