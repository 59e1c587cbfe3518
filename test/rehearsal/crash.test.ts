import { describe, expect, it } from 'vitest';
import { findScenario } from '../../cli/find-scenario.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import exampleConfig from '../../switchyard.config.ts';
import { crashPointsOf } from '../../twin/scenarios/crash-points.ts';
import { readScenario } from '../../twin/scenarios/references.ts';
import { type FinishedRun, runOnce } from '../../twin/scenarios/run-once.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import type { CrashPoint } from '../../twin/step-functions/crash-point.ts';
import { broken } from '../_helpers/rehearse.ts';
import { FAILBACK_WAY, FAILOVER_WAY } from '../asl/good-ways.ts';

/** Two rehearsals of three hours, one of them with a hundred crashes; a machine that is shared is given its time. */
const LONGEST_MS = 300_000;

const scenarioOf = (name: string): Scenario => {
  const { crashPoints: _, ...told } = readScenario(findScenario(name));
  return told;
};
const run = (scenario: Scenario, config: ResolvedConfig = exampleConfig): Promise<FinishedRun> =>
  runOnce({ scenario, config, seed: 1 });

/** Whoever started an execution that is gone before it holds the application starts another one. */
function comesBeforeTheLease({ state, point, call = 0 }: CrashPoint): boolean {
  return state === 'OpenOperation' && (point === 'before' || (point === 'call' && call === 1));
}

describe('the crash points of a failover', () => {
  it('are before every state of its way, after every task and after every change that a task makes', async () => {
    const { visited } = await run(scenarioOf('orchestrator-killed'));
    const points = crashPointsOf(visited, 'failover');
    const states = new Set(points.map(({ state }) => state));
    expect(FAILOVER_WAY.filter((state) => !states.has(state))).toEqual([]);
    const tasks = points.filter(({ point }) => point === 'after').map(({ state }) => state);
    for (const state of tasks) {
      const calls = points.filter((point) => point.state === state && point.point === 'call');
      // Every step keeps its lease, or its line.
      expect(calls.map(({ call }) => call)).toEqual(calls.map((_, index) => index + 1));
      expect(calls.length, state).toBeGreaterThanOrEqual(1);
    }
    expect(points.length).toBeGreaterThan(90);
  });
});

describe('a failback that is killed at every point of its way, one after the other', () => {
  it(
    'changes the world as one that is not killed',
    async () => {
      const scenario = scenarioOf('region-outage');
      const uncrashed = await run(scenario);
      const points = crashPointsOf(uncrashed.visited, 'failback').filter((point) => !comesBeforeTheLease(point));
      const states = new Set(points.map(({ state }) => state));
      expect(FAILBACK_WAY.filter((state) => !states.has(state))).toEqual([]);
      const crashed = await run({
        ...scenario,
        faults: [
          ...scenario.faults,
          ...points.map((point) => ({ kind: 'orchestrator-killed' as const, atSeconds: 0, ...point })),
        ],
        actions: [...scenario.actions, { action: 'redrive', atSeconds: 0, afterSeconds: 1 }],
      });
      expect(broken(crashed.result)).toEqual([]);
      expect(crashed.sideEffects).toEqual(uncrashed.sideEffects);
      const ends = crashed.result.operations[1]?.events.filter(({ step }) => step === 'record-end') ?? [];
      expect(ends.length).toBeGreaterThan(points.length / 2);
    },
    LONGEST_MS,
  );
});

/** What a writer that is moved back comes by, and nothing that a failback without a breach does. */
const WAY_BACK: readonly string[] = [
  'RetreatOnBreach',
  'FenceReturned',
  'StartMoveBack',
  'AwaitMoveBack',
  'TakeForMovedBack',
  'RetreatOnError',
  'CloseRetreated',
];

/** The writer moves at once, so that the story is over sooner. */
const ONE_RUNG = { ...exampleConfig, failback: { ...exampleConfig.failback, rungs: [100] } };

describe('a failback that is killed at every point of the way back of its writer', () => {
  it(
    'changes the world as one that is not killed',
    async () => {
      const { faults, ...told } = scenarioOf('breach-after-writer-moved');
      const scenario: Scenario = {
        ...told,
        faults: faults.map((fault) => (fault.kind === 'errors' ? { ...fault, atSeconds: 4_900 } : fault)),
      };
      const uncrashed = await run(scenario, ONE_RUNG);
      expect(broken(uncrashed.result)).toEqual([]);
      const points = crashPointsOf(uncrashed.visited, 'failback').filter(({ state }) => WAY_BACK.includes(state));
      expect(WAY_BACK.filter((state) => !points.some((point) => point.state === state))).toEqual([]);
      const crashed = await run(
        {
          ...scenario,
          faults: [
            ...scenario.faults,
            ...points.map((point) => ({ kind: 'orchestrator-killed' as const, atSeconds: 0, ...point })),
          ],
          actions: [...scenario.actions, { action: 'redrive', atSeconds: 0, afterSeconds: 1 }],
        },
        ONE_RUNG,
      );
      expect(broken(crashed.result)).toEqual([]);
      expect(crashed.sideEffects).toEqual(uncrashed.sideEffects);
      const ends = crashed.result.operations[1]?.events.filter(({ step }) => step === 'record-end') ?? [];
      expect(ends.length).toBeGreaterThan(points.length / 2);
    },
    LONGEST_MS,
  );
});
