import { describe, expect, it } from 'vitest';
import { budgetsOf } from '../../core/budget/budgets.ts';
import { totalSeconds } from '../../core/budget/scenario-budget.ts';
import storefront from '../../switchyard.config.ts';
import { rehearse } from '../_helpers/rehearse.ts';

const budget = budgetsOf(storefront).find(({ scenario }) => scenario === 'region-outage');
const terms = [...(budget?.before ?? []), ...(budget?.promotion ?? []), ...(budget?.answers ?? [])];
const secondsOf = (name: string): number => terms.find((term) => term.name === name)?.seconds ?? Number.NaN;

describe.each([1, 2, 3])('a dead Region, seed %i', (seed) => {
  it('is left within its budget, each phase within its term', async () => {
    const { failover } = await rehearse({
      scenario: 'region-outage',
      seed,
      change: (scenario) => ({ ...scenario, actions: [], untilSeconds: 1800 }),
    });
    const { detect, decide, validate, fence, promote } = failover.phases;
    expect(detect).toBeLessThanOrEqual(secondsOf('detection'));
    expect(decide).toBeLessThanOrEqual(secondsOf('decision'));
    expect(validate).toBeLessThanOrEqual(secondsOf('validation'));
    expect(fence).toBeLessThanOrEqual(secondsOf('fence'));
    expect(promote).toBeLessThanOrEqual(secondsOf('promotion'));
    const switched = ['detection', 'decision', 'validation', 'fence', 'switch'].map(secondsOf);
    expect(failover.firstChangedAnswerSeconds).toBeLessThanOrEqual(switched.reduce((sum, term) => sum + term, 0));
    expect(failover.rtoSeconds.max).toBeLessThanOrEqual(budget === undefined ? 0 : totalSeconds(budget));
  });
});
