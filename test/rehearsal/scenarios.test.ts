import { describe, expect, it } from 'vitest';
import { findScenario, scenarioNames } from '../../cli/find-scenario.ts';
import { DECISION_TABLE } from '../../core/decision/table.ts';
import { readScenario } from '../../twin/scenarios/references.ts';
import { broken, rehearse } from '../_helpers/rehearse.ts';

/** A thousand applications take half a minute where nothing else runs; a machine that is shared is given its time. */
const LONGEST_REHEARSAL_MS = 300_000;
/** A day of noise is a quarter of one here: none of its hours differs from another. `npm run rehearse -- noisy-probes` plays it all. */
const LONGEST_STORY_SECONDS = 21_600;

describe('every scenario of the project', () => {
  it.each(scenarioNames().filter((name) => name !== 'region-outage'))(
    '%s ends as it expects',
    async (scenario) => {
      const result = await rehearse({
        scenario,
        seed: 7,
        change: (told) =>
          told.untilSeconds === undefined
            ? told
            : { ...told, untilSeconds: Math.min(told.untilSeconds, LONGEST_STORY_SECONDS) },
      });
      expect(broken(result)).toEqual([]);
      expect(result.passed).toBe(true);
    },
    LONGEST_REHEARSAL_MS,
  );

  it.each(scenarioNames())('%s is told in words and expects something', (name) => {
    const { about, expectations } = readScenario(findScenario(name));
    expect(about.length).toBeGreaterThan(40);
    expect(expectations.length).toBeGreaterThan(3);
  });
});

describe('the decision table', () => {
  it.each(DECISION_TABLE)('has a scenario that expects $id', ({ id }) => {
    const expecting = scenarioNames().filter((name) =>
      JSON.stringify(readScenario(findScenario(name)).expectations).includes(`"${id}"`),
    );
    expect(expecting).not.toEqual([]);
  });
});

describe('region-outage', () => {
  it.each([1, 20261121])('meets its figures with seed %i', async (seed) => {
    const { failover, failback, answers, passed, virtualSeconds } = await rehearse({ scenario: 'region-outage', seed });
    const { detect, decide, validate, fence } = failover.phases;
    const untilFence = [detect, decide, validate, fence].reduce<number>((sum, phase) => sum + (phase ?? Number.NaN), 0);

    expect(passed).toBe(true);
    expect(failover).toMatchObject({ status: 'SUCCEEDED', ruleId: 'D200', epoch: 1 });
    expect(failover.firstChangedAnswerSeconds).toBeGreaterThanOrEqual(untilFence);
    expect(failover.firstChangedAnswerSeconds).toBeLessThanOrEqual(55);
    expect(failover.rtoSeconds.p99).toBeGreaterThanOrEqual(75);
    expect(failover.rtoSeconds.p99).toBeLessThanOrEqual(120);
    expect((validate ?? 0) + (fence ?? 0)).toBeLessThanOrEqual(6);
    expect(failback.rungs.map(({ percent }) => percent)).toEqual([10, 50, 100]);
    for (const { percent, observedShare, bakedSeconds } of failback.rungs) {
      expect(Math.abs((observedShare ?? Number.NaN) * 100 - percent)).toBeLessThan(5);
      expect(bakedSeconds).toBeGreaterThanOrEqual(1800);
    }
    expect(answers.before).toEqual(answers.afterFailback);
    expect(answers.before).not.toEqual(answers.afterFailover);
    expect(virtualSeconds).toBeGreaterThan(9000);
  });
});

describe('a seed', () => {
  it('gives the same document twice, but for the wall clock', async () => {
    const once = () => rehearse({ scenario: 'control-plane-outage', seed: 4711 });
    const [{ wallSeconds: _, ...first }, { wallSeconds: __, ...second }] = [await once(), await once()];
    expect(second).toEqual(first);
  });

  it('draws what clients see: another seed, another outage', async () => {
    const first = await rehearse({ scenario: 'control-plane-outage', seed: 4711 });
    const second = await rehearse({ scenario: 'control-plane-outage', seed: 4712 });
    expect(second.failover.rtoSeconds).not.toEqual(first.failover.rtoSeconds);
  });
});
