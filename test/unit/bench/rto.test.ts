import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { spread, summarize } from '../../../scripts/bench/rto/figures.ts';
import { boundsOf } from '../../../scripts/bench/rto/floor.ts';
import { failoverPair, measurePlainRoute53 } from '../../../scripts/bench/rto/plain-route53.ts';
import { PUBLISHED } from '../../../scripts/bench/rto/published.ts';
import { renderRto } from '../../../scripts/bench/rto/render.ts';
import type { OurFigures, SeedFigures } from '../../../scripts/bench/rto/seed-figures.ts';
import storefront from '../../../switchyard.config.ts';

const NO_PHASES = {
  ...{ detect: 30, decide: 1, validate: 1, fence: 1, promote: 45 },
  ...{ scale: null, shift: 1, answers: 2, traffic: 100 },
};

function figures(seed: number, { ours = {}, plain = [200] }: { ours?: Partial<OurFigures>; plain?: number[] } = {}) {
  const own = { status: 'SUCCEEDED', firstChangedAnswerSeconds: 37, phases: NO_PHASES, broken: [] };
  return {
    seed,
    ours: { ...own, clientRtoSeconds: [80, 90], ...ours },
    plainRoute53: { clientRtoSeconds: plain },
  } satisfies SeedFigures;
}

describe('the figures of many outages', () => {
  it('are percentiles by nearest rank, and nothing where nothing happened', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(spread(hundred)).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
    expect(spread([])).toEqual({ p50: null, p90: null, p99: null, max: null });
  });

  it('are taken over the clients of all outages together, not over the percentiles of each', () => {
    const many = Array.from({ length: 99 }, () => 80);
    const { ours, plainRoute53 } = summarize([
      figures(1, { ours: { clientRtoSeconds: many } }),
      figures(2, { ours: { clientRtoSeconds: [118] }, plain: [150] }),
    ]);
    expect(ours.clientRtoSeconds).toEqual({ p50: 80, p90: 80, p99: 80, max: 118 });
    expect(plainRoute53.clientRtoSeconds).toEqual({ p50: 150, p90: 200, p99: 200, max: 200 });
    expect(ours.phases).toMatchObject({ promote: { p50: 45 }, scale: { p99: null } });
  });

  it('name the slowest seeds, and no seed as lost that was won', () => {
    const slow = summarize([figures(7), figures(8, { ours: { clientRtoSeconds: [110] } }), figures(9)]);
    expect(slow.worstSeeds.map(({ seed }) => seed)).toEqual([8, 7, 9]);
    expect(slow.lostSeeds).toEqual([]);
  });

  it.each<{ what: string; changes: Parameters<typeof figures>[1]; why: RegExp }>([
    { what: 'a failover that was held', changes: { ours: { status: 'NEEDS_OPERATOR' } }, why: /ended NEEDS_OPERATOR/ },
    { what: 'unchanged answers', changes: { ours: { firstChangedAnswerSeconds: null } }, why: /no answer changed/ },
    { what: 'a broken invariant', changes: { ours: { broken: ['no epoch had two writers'] } }, why: /two writers/ },
    { what: 'plain Route 53 as fast as ours', changes: { plain: [90] }, why: /under plain Route 53 90 s/ },
  ])('call a seed lost for $what', ({ changes, why }) => {
    const { lostSeeds } = summarize([figures(1), figures(2, changes)]);
    expect(lostSeeds).toEqual([{ seed: 2, why: expect.stringMatching(why) }]);
  });
});

describe('the bounds of an outage', () => {
  it('are detection and the TTL at the least, and the budget that synthesis judges at the most', () => {
    const { floor, budgetSeconds } = boundsOf(storefront);
    // Interval 10 s × 2 more failures + timeout 5 s; the TTL of 60 s outlasts the fastest promotion of 40 s.
    expect(floor).toMatchObject({ firstChangedAnswerSeconds: 25, clientRtoSeconds: 85 });
    expect(budgetSeconds).toBeGreaterThan(floor.clientRtoSeconds);
    expect(floor.terms.every(({ because }) => because !== '')).toBe(true);
  });

  it('have the promotion before the answers where traffic waits for it', () => {
    const failover = { ...storefront.failover, shiftAfterPromotion: true };
    const { floor } = boundsOf(resolveConfig({ ...storefront, failover, ttlSeconds: 60 }));
    expect(floor).toMatchObject({ firstChangedAnswerSeconds: 65, clientRtoSeconds: 125 });
  });
});

describe('plain Route 53 failover', () => {
  it('is a PRIMARY that its endpoint check gates and a SECONDARY, at the TTL of the config', () => {
    const { records, healthChecks } = failoverPair(storefront, { account: '111122223333', partition: 'aws' });
    expect(records).toMatchObject([
      { Failover: 'PRIMARY', TTL: 60, HealthCheckId: healthChecks[0]?.id },
      { Failover: 'SECONDARY', TTL: 60 },
    ]);
    expect(records[1]).not.toHaveProperty('HealthCheckId');
    expect(healthChecks).toMatchObject([{ config: { RequestInterval: 10, FailureThreshold: 3, Type: 'HTTPS' } }]);
  });

  it('brings every client back, after an alarm of full minutes and a promotion', async () => {
    const { clientRtoSeconds } = await measurePlainRoute53(storefront, 1);
    expect(clientRtoSeconds).toHaveLength(900);
    const { p50, max } = spread(clientRtoSeconds);
    // The check needs half a minute, the alarm the end of a minute and the next one, the promotion 40 s at least.
    expect(p50).toBeGreaterThan(30 + 60 + 40);
    // And nobody waited until the end of the measurement.
    expect(max).toBeLessThan(30 + 60 + 12 + 60 + 50 + 20);
  });
});

describe('what the bench prints', () => {
  it('has every phase, the floor, what others published, and the seeds to look at', () => {
    const lost = figures(3, { ours: { status: 'FAILED' } });
    const one = { virtualSeconds: 60, switchSeconds: 15, switchCalls: 2, apiCalls: 900 };
    const document = {
      ...{ ...summarize([figures(2), lost]), ...boundsOf(storefront), published: PUBLISHED },
      fleet: { one, thousand: { ...one, virtualSeconds: 90, apiCalls: 90_000 } },
    };
    const printed = renderRto(document);
    for (const phase of Object.keys(NO_PHASES)) expect(printed).toMatch(new RegExp(`\\| ${phase}`));
    expect(printed).toMatch(/client RTO \| 85.0 \| 80.0 \| 90.0/);
    expect(printed).toMatch(/1,000 applications \| 90\.0 \| 15\.0 \| 2 \| 90000 \|/);
    expect(printed).toMatch(/120\.88 s; https:/);
    expect(printed).toMatch(/lost: seed 3: the failover ended FAILED; npm run rehearse -- region-outage --seed 3/);
  });
});
