import { describe, expect, it } from 'vitest';
import { applicationRegions, checksOf, homeRegion, observersOf } from '../../../core/config/accessors.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { applyProbe, type CheckState } from '../../../core/health/check-state.ts';
import { readTrace } from '../../../core/trace/read-trace.ts';
import { type Detect, runCampaign } from '../../../scripts/bench/detection/campaign.ts';
import { emitTrace } from '../../../scripts/bench/detection/emit-trace.ts';
import { OUTAGE_KINDS, planTrace } from '../../../scripts/bench/detection/plan-trace.ts';
import { percentile } from '../../../scripts/bench/statistics.ts';
import storefront from '../../../switchyard.config.ts';
import { createRandomStreams } from '../../../twin/random.ts';

const RUNS = 300;
const SEED = 7;

describe('the detection campaign', () => {
  it('has the policy miss no outage and leave for nothing else', () => {
    const { mistakes, ...result } = runCampaign({ config: storefront, runs: RUNS, seed: SEED });
    expect(mistakes).toEqual([]);
    expect(result).toMatchObject({ runs: RUNS, missed: 0, falseFailovers: 0 });
    expect(result.outages).toBeGreaterThan(RUNS / 10);
    expect(Object.keys(result.timeToDecisionSeconds).toSorted()).toEqual([...OUTAGE_KINDS].toSorted());
    for (const { p50, p99, floor } of Object.values(result.timeToDecisionSeconds)) {
      expect(p50).toBeGreaterThanOrEqual(floor);
      expect(p99).toBeGreaterThanOrEqual(p50);
    }
  });

  it('finds false failovers of a detector that believes one failure', () => {
    const hasty = resolveConfig({
      ...storefront,
      checks: Object.fromEntries(
        checksOf(storefront).map(({ name, check }) => [name, { ...check, failureThreshold: 1 }]),
      ),
      policy: { ...storefront.policy, writerFailures: 1 },
    });
    expect(runCampaign({ config: hasty, runs: RUNS, seed: SEED }).falseFailovers).toBeGreaterThan(0);
  });

  it('finds outages that a detector misses which waits for all three observers', () => {
    const { missed, outages } = runCampaign({ config: storefront, runs: RUNS, seed: SEED, detect: unanimous });
    expect(missed).toBeGreaterThan(0);
    expect(missed).toBeLessThan(outages);
  });

  it('draws the same again from the same seed', () => {
    const once = runCampaign({ config: storefront, runs: 50, seed: SEED });
    const again = runCampaign({ config: storefront, runs: 50, seed: SEED });
    expect({ ...once, tracesPerSecond: 0 }).toEqual({ ...again, tracesPerSecond: 0 });
  });
});

describe('a generated trace', () => {
  const traces = Array.from({ length: RUNS }, (_, index) => {
    const random = createRandomStreams(SEED).stream(`trace/${index}`);
    const plan = planTrace(storefront, random);
    return { plan, lines: emitTrace(storefront, plan, random) };
  });

  it('is a trace that can be read, of a quarter of an hour at least, with every observer and every check', () => {
    for (const { plan, lines } of traces.slice(0, 20)) {
      expect(plan.seconds).toBeGreaterThanOrEqual(900);
      const text = lines.map((line) => JSON.stringify(line)).join('\n');
      expect(readTrace(text, 'the trace', storefront)).toEqual(lines);
      expect(seen(lines, 'observer')).toEqual([...observersOf(storefront)].toSorted());
      expect(seen(lines, 'check')).toEqual(
        checksOf(storefront)
          .map(({ name }) => name)
          .toSorted(),
      );
      expect(seen(lines, 'subject')).toEqual([...applicationRegions(storefront)].toSorted());
    }
  });

  it('has outages of a minute at least, and of eight where they are errors', () => {
    for (const { plan } of traces) {
      if (plan.outage === undefined) continue;
      const { kind, from, until } = plan.outage;
      expect(until - from).toBeGreaterThanOrEqual(kind === 'error-rate' ? 480 : 60);
      expect(until).toBeLessThan(plan.seconds);
    }
  });

  it('loses at most two per cent of probes and twenty seconds at once', () => {
    for (const { plan } of traces) {
      const { noise } = plan;
      if (noise.kind === 'loss') expect(noise.share).toBeLessThanOrEqual(0.02);
      const spans = noise.kind === 'loss' ? noise.bursts : noise.kind === 'blip' ? noise.blips : [];
      for (const [index, { from, until }] of spans.entries()) {
        expect(until - from).toBeLessThanOrEqual(20);
        expect(from - (spans[index - 1]?.until ?? -60)).toBeGreaterThanOrEqual(60);
      }
    }
  });

  it('has no blind observer beside an outage that silences another', () => {
    const silenced = traces.filter(({ plan }) => ['region', 'partition'].includes(plan.outage?.kind ?? ''));
    expect(silenced.length).toBeGreaterThan(0);
    expect(silenced.filter(({ plan }) => plan.noise.kind === 'blind')).toEqual([]);
  });

  function seen(lines: readonly object[], key: string): readonly string[] {
    return [...new Set(lines.flatMap((line) => (key in line ? [String(Reflect.get(line, key))] : [])))].toSorted();
  }
});

describe('a percentile', () => {
  it.each([
    [0.5, 2],
    [0.99, 4],
    [0, 1],
  ])('of %d is by nearest rank', (share, expected) => {
    expect(percentile([4, 1, 3, 2], share)).toBe(expected);
  });

  it('refuses to speak of nothing', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

/** Leaves once every observer by itself says of every critical check that it failed, or of the database writer. */
const unanimous: Detect = (lines) => {
  const checks = new Map(checksOf(storefront).map(({ name, check }) => [name, check]));
  const states = new Map<string, CheckState>();
  const active = homeRegion(storefront).id;
  const failedForAll = (name: string): boolean =>
    observersOf(storefront).every((observer) => states.get(`${observer}/${name}`)?.status === 'failed');
  for (const line of lines) {
    if (!('check' in line) || line.subject !== active) continue;
    const check = checks.get(line.check);
    if (check === undefined) continue;
    const key = `${line.observer}/${line.check}`;
    states.set(key, applyProbe(check, states.get(key), { result: line.result, reason: '', atEpochMs: line.t * 1000 }));
    if (failedForAll('database-writer')) return [line.t];
  }
  return [];
};
