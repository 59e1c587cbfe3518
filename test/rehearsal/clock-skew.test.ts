import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../core/ports.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { manualInput } from '../_helpers/rehearse.ts';

/** The primary dies while the clock of one observer is off. */
function skewed(observer: string, seconds: number): Scenario {
  return {
    name: 'skewed',
    about: 'one observer goes by another clock',
    untilSeconds: 900,
    faults: [
      { kind: 'clock-skew', observer, seconds, atSeconds: 300 },
      { kind: 'region-dark', region: 'primary', atSeconds: 600 },
    ],
    actions: [],
    expectations: [
      { text: 'the failover succeeds', path: 'failover.status', op: 'equals', value: 'SUCCEEDED' },
      { text: 'by the row for a dead Region', path: 'failover.ruleId', op: 'equals', value: 'D200' },
      { text: 'known no later than by true clocks', path: 'failover.phases.detect', op: 'atMost', value: 35 },
      { text: 'and no sooner', path: 'failover.phases.detect', op: 'atLeast', value: 20 },
    ],
  };
}

/** What does not hold, by modules as they are mocked by now. */
async function brokenWith(scenario: Scenario): Promise<readonly string[]> {
  const { broken, rehearse } = await import('../_helpers/rehearse.ts');
  return broken(await rehearse({ scenario }));
}

describe('an observer whose clock is off', () => {
  it.each(['primary', 'standby', 'vantage'].flatMap((observer) => [20, -20].map((seconds) => ({ observer, seconds }))))(
    'takes part all the same: $observer by $seconds s',
    async ({ observer, seconds }) => {
      expect(await brokenWith(skewed(observer, seconds))).toEqual([]);
    },
  );

  it('takes part where it is further behind than a verdict lives', async () => {
    expect(await brokenWith(skewed('vantage', -45))).toEqual([]);
  });
});

/** A person moves traffic out of a Region that lives, while the clock of a Region is off by more than the lease's margin. */
function movedBy(observer: string, seconds: number): Scenario {
  return {
    name: 'moved',
    about: 'the source writes until it is fenced; one Region goes by another clock',
    untilSeconds: 1_200,
    faults: [
      { kind: 'clock-skew', observer, seconds, atSeconds: 300 },
      { kind: 'backbone-cut', region: 'primary', atSeconds: 600 },
    ],
    // In emergency mode, so that nothing but the fence has to allow it.
    actions: [{ action: 'start', machine: 'failover', atSeconds: 601, input: manualInput({ mode: 'emergency' }) }],
    expectations: [
      { text: 'the failover succeeds', path: 'failover.status', op: 'equals', value: 'SUCCEEDED' },
      { text: 'the target writes', path: 'world.lastCommitEpoch', op: 'equals', value: 1 },
      // Renewed every 5 s, a lease lasts 15 to 20 s more, and the margin is 5 s; what comes before takes some.
      { text: 'the fence waits for the lease', path: 'failover.phases.fence', op: 'atLeast', value: 12 },
      { text: 'and for no longer', path: 'failover.phases.fence', op: 'atMost', value: 26 },
      { text: 'one operation', path: 'operations.length', op: 'equals', value: 1 },
    ],
  };
}

describe('an operation between Regions whose clocks are off by 25 s', () => {
  it.each(['primary', 'standby'].flatMap((observer) => [25, -25].map((seconds) => ({ observer, seconds }))))(
    'moves a Region that died: $observer by $seconds s',
    async ({ observer, seconds }) => {
      expect(await brokenWith(skewed(observer, seconds))).toEqual([]);
    },
  );

  it.each(['primary', 'standby'].flatMap((observer) => [25, -25].map((seconds) => ({ observer, seconds }))))(
    'lets no write through under two epochs where the source is cut off and goes on: $observer by $seconds s',
    async ({ observer, seconds }) => {
      expect(await brokenWith(movedBy(observer, seconds))).toEqual([]);
    },
  );
});

describe('without the clock of the coordination table', () => {
  afterEach(() => {
    vi.doUnmock('../../adapters/aws/table-clock.ts');
    vi.resetModules();
  });

  it.each([
    { observer: 'vantage', seconds: -45, text: 'the failover succeeds' },
    { observer: 'standby', seconds: 20, text: 'known no later than by true clocks' },
    { observer: 'standby', seconds: -20, text: 'and no sooner' },
  ])('$observer by $seconds s breaks it: $text', async ({ observer, seconds, text }) => {
    vi.resetModules();
    vi.doMock('../../adapters/aws/table-clock.ts', () => ({
      createTableClock: (local: Clock) => ({ ...local, setBy: (settings: object) => settings }),
    }));
    expect(await brokenWith(skewed(observer, seconds))).toContain(text);
  });

  it('a fence is believed too early where the target is 25 s ahead', async () => {
    vi.resetModules();
    vi.doMock('../../adapters/aws/table-clock.ts', () => ({
      createTableClock: (local: Clock) => ({ ...local, setBy: (settings: object) => settings }),
    }));
    expect(await brokenWith(movedBy('standby', 25))).toContain('the fence waits for the lease');
  });
});
