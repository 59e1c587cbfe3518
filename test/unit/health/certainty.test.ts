import { describe, expect, it } from 'vitest';
import { checksOf, observersOf } from '../../../core/config/accessors.ts';
import { isCertain } from '../../../core/health/certainty.ts';
import type { CheckState } from '../../../core/health/check-state.ts';
import { SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { checkSample, SEOUL } from '../../_helpers/coordination-samples.ts';

const SINCE = 1_000_000;
const config = testConfig();

/** What every observer says of every check of Tokyo, by observer where it differs. */
function certain(
  all: (check: string) => Partial<CheckState>,
  by: Readonly<Record<string, Partial<CheckState> | null>> = {},
): boolean {
  const reports = observersOf(config)
    .filter((observer) => by[observer] !== null)
    .map((observer) => ({
      observer,
      subject: TOKYO,
      round: 1,
      reportedAtEpochMs: SINCE,
      metrics: {},
      checks: Object.fromEntries(
        checksOf(config).map(({ name }) => [
          name,
          checkSample({ answeredAtEpochMs: SINCE, ...all(name), ...(by[observer] ?? {}) }),
        ]),
      ),
    }));
  return isCertain(config, { subject: TOKYO, reports, sinceEpochMs: SINCE });
}

const WAVERING = { consecutiveFailures: 1, consecutivePasses: 0 };
const FAILED: Partial<CheckState> = {
  status: 'failed',
  settled: 'failed',
  consecutiveFailures: 3,
  consecutivePasses: 0,
};

interface Case {
  readonly what: string;
  readonly all: Partial<CheckState>;
  readonly by: Readonly<Record<string, Partial<CheckState> | null>>;
  readonly clear: boolean;
}

const CASES: readonly Case[] = [
  { what: 'clear where everybody has just seen it pass', all: {}, by: {}, clear: true },
  { what: 'clear where everybody has just seen it fail for good', all: FAILED, by: {}, clear: true },
  { what: 'not clear by answers from before', all: { answeredAtEpochMs: SINCE - 1 }, by: {}, clear: false },
  { what: 'not clear at a first failure', all: WAVERING, by: {}, clear: false },
  {
    what: 'not clear at a first pass after a failure',
    all: { ...FAILED, consecutivePasses: 1 },
    by: {},
    clear: false,
  },
  { what: 'clear where one of three wavers', all: {}, by: { [SEOUL]: WAVERING }, clear: true },
  { what: 'clear where one of three is silent', all: {}, by: { [SINGAPORE]: null }, clear: true },
  {
    what: 'not clear by two where one of them wavers',
    all: {},
    by: { [SEOUL]: null, [TOKYO]: WAVERING },
    clear: false,
  },
  { what: 'not clear by its own word', all: {}, by: { [SEOUL]: null, [SINGAPORE]: null }, clear: false },
];

describe('how a Region stands', () => {
  it.each(CASES)('is $what', ({ all, by, clear }) => {
    expect(certain(() => all, by)).toBe(clear);
  });

  it('does not wait for checks that are probed less often', () => {
    const slow = new Set(
      checksOf(config)
        .filter(({ check }) => check.class === 'critical' && check.intervalSeconds > 10)
        .map(({ name }) => name),
    );
    expect([...slow]).toEqual(['order-service', 'payment-service']);
    expect(certain((name) => (slow.has(name) ? { answeredAtEpochMs: 0 } : {}))).toBe(true);
  });
});
