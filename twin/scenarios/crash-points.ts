import { isSameContent } from '../../core/same-content.ts';
import type { Machine } from '../../state-machines/contracts.ts';
import { type CrashPoint, describeCrashPoint } from '../step-functions/crash-point.ts';
import type { JudgedExpectation, RehearsalResult } from './result-document.ts';
import { type FinishedRun, type RunSettings, runOnce, type VisitedState } from './run-once.ts';
import type { Scenario } from './scenario.ts';
import type { SideEffects } from './side-effects.ts';

/** A scenario that is told once more for every point at which a machine can be killed. */
export type CrashedScenario = Scenario & { readonly crashPoints: NonNullable<Scenario['crashPoints']> };

/** Whether a scenario is one of those. */
export function isCrashed(scenario: Scenario): scenario is CrashedScenario {
  return scenario.crashPoints !== undefined;
}

/**
 * Every point of the machine on the way that a run took: before each state, after each task, and after each call of a
 * task that changed something.
 */
export function crashPointsOf(visited: readonly VisitedState[], machine: Machine): readonly CrashPoint[] {
  return visited
    .filter((state) => state.machine === machine)
    .flatMap(({ state, effects }): readonly CrashPoint[] => {
      const before: CrashPoint = { machine, state, point: 'before' };
      if (effects === undefined) return [before];
      const calls = Array.from({ length: effects }, (_, index): CrashPoint => {
        return { machine, state, point: 'call', call: index + 1 };
      });
      return [before, ...calls, { machine, state, point: 'after' }];
    });
}

/**
 * Runs a scenario as it is, and then once per crash point, each time redriven. The document is that of the first run,
 * with one more expectation per crash point: all that was expected holds there too, and the world was changed in the same
 * way.
 */
export async function runAtEveryCrashPoint(
  settings: RunSettings & { readonly scenario: CrashedScenario },
): Promise<RehearsalResult> {
  const wallStart = performance.now();
  const { scenario, onProgress } = settings;
  const { crashPoints, ...told } = scenario;
  const uncrashed = await runOnce({ ...settings, scenario: told });
  const points = crashPointsOf(uncrashed.visited, crashPoints.machine);
  const judged: JudgedExpectation[] = [];
  for (const [index, point] of points.entries()) {
    const doing = `killed ${describeCrashPoint(point)}, ${index + 1} of ${points.length}`;
    onProgress?.({ virtualSeconds: 0, doing });
    const crashed = await runOnce({
      config: settings.config,
      seed: settings.seed,
      scenario: killedAt(scenario, point),
    });
    judged.push(judge(point, uncrashed, crashed));
  }
  const expectations = [...uncrashed.result.expectations, someWere(judged), ...judged];
  return {
    ...uncrashed.result,
    expectations,
    passed: expectations.every(({ held }) => held),
    wallSeconds: Math.round(performance.now() - wallStart) / 1000,
  };
}

/** The scenario with a kill, and an operator who redrives as soon as people are told. */
function killedAt({ crashPoints, ...scenario }: CrashedScenario, point: CrashPoint): Scenario {
  return {
    ...scenario,
    faults: [...scenario.faults, { kind: 'orchestrator-killed', atSeconds: 0, ...point }],
    actions: [...scenario.actions, { action: 'redrive', atSeconds: 0, afterSeconds: crashPoints.redrivenAfterSeconds }],
  };
}

/** No crash point, no proof. */
function someWere(judged: readonly JudgedExpectation[]): JudgedExpectation {
  return { text: `the machine was killed at every point of its way: ${judged.length}`, held: judged.length > 0 };
}

function judge(point: CrashPoint, uncrashed: FinishedRun, { result, sideEffects }: FinishedRun): JudgedExpectation {
  const text = `killed ${describeCrashPoint(point)} and redriven, it changes the world in the same way`;
  const broken = result.expectations.filter(({ held }) => !held).map(({ text: expected }) => expected);
  const differing = differences(uncrashed.sideEffects, sideEffects);
  if (broken.length === 0 && Object.keys(differing).length === 0) return { text, held: true };
  return { text, held: false, found: { broken, differing } };
}

function differences(wanted: SideEffects, found: SideEffects): Readonly<Record<string, unknown>> {
  const fields = Object.keys(wanted) as (keyof SideEffects)[];
  return Object.fromEntries(
    fields
      .filter((field) => !isSameContent(wanted[field], found[field]))
      .map((field) => [field, { uncrashed: wanted[field], crashed: found[field] }]),
  );
}
