import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import {
  judgeRung,
  type RungSight,
  shareCountsAfterSeconds,
  shareWindowSeconds,
} from '../../../core/failback/rung-guard.ts';
import { activeInput, testConfig } from '../../_helpers/config.ts';
import { assessmentOf } from '../../_helpers/observations.ts';

const config = testConfig();
const BAKE_SECONDS = 30 * 60;

/** A rung of 10 % at the end of its bake, with nothing against it. */
function sight(changes: Partial<RungSight> = {}): RungSight {
  return {
    percent: 10,
    elapsedSeconds: BAKE_SECONDS,
    original: assessmentOf(config),
    errorPercent: 0.5,
    p95Milliseconds: 120,
    observedSharePercent: 10,
    ...changes,
  };
}

const verdict = (changes: Partial<RungSight>): string => judgeRung(config, sight(changes)).kind;

/** The same without a measurement. */
function without(
  field: 'errorPercent' | 'p95Milliseconds' | 'observedSharePercent',
  elapsedSeconds = BAKE_SECONDS,
): RungSight {
  const { [field]: _, ...rest } = sight({ elapsedSeconds });
  return rest;
}

describe('a rung', () => {
  it.each([
    { elapsedSeconds: BAKE_SECONDS - 1, kind: 'keep-watching' },
    { elapsedSeconds: BAKE_SECONDS, kind: 'baked' },
    { elapsedSeconds: BAKE_SECONDS + 1, kind: 'baked' },
  ])('with nothing against it is $kind after $elapsedSeconds s', ({ elapsedSeconds, kind }) => {
    expect(verdict({ elapsedSeconds })).toBe(kind);
  });

  it.each([
    { errorPercent: 1.9, kind: 'baked' },
    { errorPercent: 2, kind: 'baked' },
    { errorPercent: 2.1, kind: 'breach' },
  ])('with $errorPercent % errors is $kind', ({ errorPercent, kind }) => {
    expect(verdict({ errorPercent })).toBe(kind);
  });

  it.each([
    { p95Milliseconds: 499, kind: 'baked' },
    { p95Milliseconds: 500, kind: 'baked' },
    { p95Milliseconds: 501, kind: 'breach' },
  ])('with a p95 of $p95Milliseconds ms is $kind', ({ p95Milliseconds, kind }) => {
    expect(verdict({ p95Milliseconds })).toBe(kind);
  });

  it.each([
    { share: 4.9, kind: 'breach' },
    { share: 5, kind: 'baked' },
    { share: 15, kind: 'baked' },
    { share: 15.1, kind: 'breach' },
  ])('of 10 % with a share of $share % is $kind', ({ share, kind }) => {
    expect(verdict({ observedSharePercent: share })).toBe(kind);
  });

  it.each([
    { elapsedSeconds: 419, kind: 'keep-watching' },
    { elapsedSeconds: 420, kind: 'breach' },
  ])(
    'is not held to its share before two TTLs and the window are over: $elapsedSeconds s, $kind',
    ({ elapsedSeconds, kind }) => {
      expect(shareCountsAfterSeconds(config)).toBe(420);
      expect(verdict({ observedSharePercent: 90, elapsedSeconds })).toBe(kind);
    },
  );

  it.each([
    { status: 'failed' as const, kind: 'breach' },
    { status: 'unknown' as const, kind: 'breach' },
    { status: 'passed' as const, kind: 'baked' },
  ])('whose Region has a critical check $status is $kind', ({ status, kind }) => {
    expect(verdict({ original: assessmentOf(config, { checks: { 'order-service': status } }) })).toBe(kind);
  });

  it('is watched on while a critical check is unknown, and not baked with one', () => {
    const original = assessmentOf(config, { checks: { 'order-service': 'unknown', 'cache-cluster': 'unknown' } });
    expect(verdict({ original, elapsedSeconds: BAKE_SECONDS - 1 })).toBe('keep-watching');
    expect(judgeRung(config, sight({ original }))).toEqual({
      kind: 'breach',
      reasons: ['critical checks unknown at the end of the bake: cache-cluster, order-service'],
    });
  });

  it('is not ended by a check that is not critical', () => {
    expect(verdict({ original: assessmentOf(config, { checks: { 'inventory-service': 'failed' } }) })).toBe('baked');
  });

  it('is ended at once, not at its end', () => {
    expect(verdict({ elapsedSeconds: 0, errorPercent: 3 })).toBe('breach');
  });

  it('is told every reason', () => {
    const original = assessmentOf(config, { checks: { 'order-service': 'failed', 'database-writer': 'failed' } });
    const seen = sight({ errorPercent: 2.55, p95Milliseconds: 700.4, observedSharePercent: 20.25, original });
    expect(judgeRung(config, seen)).toEqual({
      kind: 'breach',
      reasons: [
        'errors 2.55 % in the returning Region, 2 % are allowed',
        'p95 700 ms in the returning Region, 500 ms are allowed',
        'observed share 20.3 %, the rung is 10 % ± 5',
        'critical checks failed: database-writer, order-service',
      ],
    });
  });

  it.each([
    { field: 'errorPercent', reason: 'errors could not be measured in the whole bake' },
    { field: 'p95Milliseconds', reason: 'the p95 could not be measured in the whole bake' },
    { field: 'observedSharePercent', reason: 'the observed share could not be measured in the whole bake' },
  ] as const)('without $field at its end is no rung baked', ({ field, reason }) => {
    expect(judgeRung(config, without(field, BAKE_SECONDS - 1))).toEqual({ kind: 'keep-watching' });
    expect(judgeRung(config, without(field))).toEqual({ kind: 'breach', reasons: [reason] });
  });
});

describe('a rung that is held to a cap and to attempts', () => {
  const { traffic } = config;
  const held = testConfig({
    failback: { requestCaps: { '10': 500 } },
    traffic: { ...traffic, retries: 'service.retries' },
  });
  const measured = { requestsPerSecond: 100, attemptsPerRequest: { [assessmentOf(held).subject]: 1.1 } };
  const reasonsOf = (changes: Partial<RungSight>): readonly string[] => {
    const found = judgeRung(held, sight({ original: assessmentOf(held), ...changes }));
    return found.kind === 'breach' ? found.reasons : [found.kind];
  };

  it('is baked where both are measured, and not where either is not', () => {
    expect(reasonsOf(measured)).toEqual(['baked']);
    expect(reasonsOf({})).toEqual([
      "the requests/s that the rung's cap is for could not be measured in the whole bake",
      'attempts per request in the returning Region could not be measured in the whole bake',
    ]);
    expect(reasonsOf({ ...measured, attemptsPerRequest: { elsewhere: 1 } })).toHaveLength(1);
    expect(reasonsOf({ ...measured, elapsedSeconds: BAKE_SECONDS - 1, attemptsPerRequest: {} })).toEqual([
      'keep-watching',
    ]);
  });

  it('needs no request rate on a rung without a cap', () => {
    const { requestsPerSecond: _, ...attempts } = measured;
    expect(reasonsOf({ ...attempts, percent: 50, observedSharePercent: 50 })).toEqual(['baked']);
  });
});

describe('the window of the share', () => {
  it.each([
    { bakeMinutes: 30, ttlSeconds: 60, window: 300 },
    { bakeMinutes: 7, ttlSeconds: 60, window: 300 },
    { bakeMinutes: 6, ttlSeconds: 60, window: 240 },
    { bakeMinutes: 3, ttlSeconds: 60, window: 60 },
    { bakeMinutes: 6, ttlSeconds: 120, window: 120 },
  ])('of a bake of $bakeMinutes min with a TTL of $ttlSeconds s is $window s and ends with it', (given) => {
    const own = testConfig({ ttlSeconds: given.ttlSeconds, failback: { bakeMinutes: given.bakeMinutes } });
    expect(shareWindowSeconds(own)).toBe(given.window);
    expect(shareCountsAfterSeconds(own)).toBeLessThanOrEqual(given.bakeMinutes * 60);
  });
});

describe('a rung where every Region serves', () => {
  const active = resolveConfig(activeInput());

  it.each([{ observedSharePercent: 5 }, { observedSharePercent: 50 }, { observedSharePercent: undefined }])(
    'is baked whatever part of all connections its own clients are: $observedSharePercent %',
    ({ observedSharePercent }) => {
      const { observedSharePercent: _, ...rest } = sight();
      const seen = observedSharePercent === undefined ? rest : { ...rest, observedSharePercent };
      expect(judgeRung(active, seen)).toEqual({ kind: 'baked' });
    },
  );

  it('is abandoned for errors all the same', () => {
    expect(judgeRung(active, sight({ errorPercent: 2.1 })).kind).toBe('breach');
  });
});
