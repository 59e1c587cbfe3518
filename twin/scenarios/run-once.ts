import { homeRegion } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { isOfApplication, type Machine } from '../../state-machines/contracts.ts';
import { primeClients } from '../aws/prime-clients.ts';
import { createRandomStreams, type RandomStreams } from '../random.ts';
import { installVirtualClock } from '../virtual-clock.ts';
import { planFleet } from '../world/fleet/member-configs.ts';
import { startWorld } from '../world/start-world.ts';
import { createWorld, type World } from '../world/world.ts';
import { act, commandsIn, type ImpossibleAction } from './actions.ts';
import { outageBeginsAt, scheduleFault } from './faults.ts';
import { type Recorder, recordWorld } from './recorder.ts';
import { resolveScenario } from './references.ts';
import type { RehearsalResult } from './result-document.ts';
import type { Action, Scenario } from './scenario.ts';
import { configOf } from './scenario-config.ts';
import { type SideEffects, tellSideEffects } from './side-effects.ts';
import { tellResult } from './tell-result.ts';

/** Rehearsals begin within the minute after this: a date in the past, so that nobody takes it for now. */
const FIRST_MOMENT_EPOCH_MS = Date.UTC(2026, 0, 1);
/** A run without an end of its own ends after this much quiet, and in any case after the other. */
const QUIET_SECONDS = 600;
const LONGEST_SECONDS = 86_400;
const LOOK_EVERY_SECONDS = 10;

/** How a rehearsal is run. */
export interface RunSettings {
  readonly scenario: Scenario;
  readonly config: ResolvedConfig;
  readonly seed: number;
  /** Given the world before anything moves in it, and when its clients will begin to suffer, if they will. */
  readonly onWorld?: (world: World, faultAtMs: number | undefined) => void;
  /** Told every ten virtual seconds where the rehearsal is. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Where a rehearsal is. */
export interface Progress {
  readonly virtualSeconds: number;
  readonly doing: string;
}

/** A run of a scenario that is over. */
export interface FinishedRun {
  readonly result: RehearsalResult;
  readonly sideEffects: SideEffects;
  /** Every state that a machine has come by, in order of the first time, and the most that its task changed in one go. */
  readonly visited: readonly VisitedState[];
}

/** A state that a machine has come by. */
export interface VisitedState {
  readonly machine: Machine;
  readonly state: string;
  /** Calls that changed something; undefined where no task of it has returned. */
  readonly effects: number | undefined;
}

/**
 * Runs a scenario once in virtual time, by the step code and the state machines that are deployed, and judges what became
 * of it. The same seed gives the same result but for `wallSeconds`.
 *
 * @throws {RefusedInputError} where the scenario does not fit the config.
 */
export async function runOnce({
  scenario: given,
  config: configured,
  seed,
  onWorld,
  onProgress,
}: RunSettings): Promise<FinishedRun> {
  const wallStart = performance.now();
  const config = configOf(given, configured);
  const scenario = resolveScenario(given, config);
  await primeClients();
  const streams = createRandomStreams(seed);
  const startMs = firstMoment(streams);
  const clock = installVirtualClock({ startEpochMs: startMs, random: streams.stream('process') });
  try {
    const plan = scenario.fleet && planFleet(config, scenario.fleet.applications);
    const world = createWorld({ config: plan?.pilot ?? config, clock, seed, fleet: plan });
    const faultAtMs = faultMoment(scenario, { config, startMs });
    const recorder = recordWorld(world, faultAtMs);
    const visited = recordVisits(world);
    onWorld?.(world, faultAtMs);
    startWorld(world);
    wakeFleet(world, scenario, startMs);
    const impossible = await play({ scenario, world, recorder, startMs, onProgress: onProgress ?? (() => undefined) });
    const wallSeconds = Math.round(performance.now() - wallStart) / 1000;
    const result = tellResult({ scenario, seed, world, recorder, startMs, faultAtMs, impossible, wallSeconds });
    return { result, sideEffects: tellSideEffects(result, { world, recorder }), visited: [...visited.values()] };
  } finally {
    clock.dispose();
  }
}

function recordVisits({ events }: World): ReadonlyMap<string, VisitedState> {
  const visited = new Map<string, VisitedState>();
  events.listen((event) => {
    if (event.kind !== 'state-entered' && event.kind !== 'task-done') return;
    const { state } = event;
    const { machine } = event.execution;
    if (!isOfApplication(machine)) return;
    const key = `${machine}/${state}`;
    const before = visited.get(key)?.effects;
    const effects = event.kind === 'task-done' ? Math.max(before ?? 0, event.effects) : before;
    visited.set(key, { machine, state, effects });
  });
  return visited;
}

/**
 * When a rehearsal of a seed begins, epoch ms. Rounds and schedules go by the clock, so where in a minute a story begins
 * must not be the same for every seed.
 */
export function firstMoment(streams: RandomStreams): number {
  return FIRST_MOMENT_EPOCH_MS + Math.floor(streams.stream('start')() * 60_000);
}

function faultMoment(
  { faults }: Scenario,
  { config, startMs }: { config: ResolvedConfig; startMs: number },
): number | undefined {
  const seconds = outageBeginsAt(faults, homeRegion(config).id);
  return seconds === undefined ? undefined : startMs + seconds * 1000;
}

/** Members come to life shortly before something happens: what they did until then would be the same minute again and again. */
const AWAKE_BEFORE_SECONDS = 90;

function wakeFleet(
  { fleet, cloudWatchIn, route53, clock }: World,
  { faults, actions }: Scenario,
  startMs: number,
): void {
  const first = [...faults, ...actions].map(({ atSeconds }) => atSeconds);
  if (fleet === undefined || first.length === 0) return;
  const seconds = Math.max(0, Math.min(...first) - AWAKE_BEFORE_SECONDS);
  setTimeout(() => fleet.wake({ cloudWatchIn, route53 }), startMs + seconds * 1000 - clock.nowEpochMs());
}

interface Play {
  readonly scenario: Scenario;
  readonly world: World;
  readonly recorder: Recorder;
  readonly startMs: number;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Faults happen to the world by themselves; what people do is done at its time. Ends when all is over and quiet, with
 * what people could not do.
 */
async function play({ scenario, world, recorder, startMs, onProgress }: Play): Promise<readonly ImpossibleAction[]> {
  for (const fault of scenario.faults) scheduleFault(world, fault, startMs);
  const failures: unknown[] = [];
  const impossible: ImpossibleAction[] = [];
  const perform = (action: Action, index: number): void => {
    act({ world, notifications: recorder.notifications }, action, index).then(
      (found) => found !== undefined && impossible.push(found),
      (error: unknown) => failures.push(error),
    );
  };
  for (const [index, action] of scenario.actions.entries()) schedule(world, action, () => perform(action, index));
  let busyUntil = lastPlanned(scenario);
  for (let seconds = LOOK_EVERY_SECONDS; ; seconds += LOOK_EVERY_SECONDS) {
    await world.clock.runUntil(startMs + seconds * 1000);
    if (failures.length > 0) throw failures[0];
    onProgress({ virtualSeconds: seconds, doing: recorder.states.at(-1)?.state ?? 'steady' });
    if (isBusy(world, recorder)) busyUntil = seconds;
    const end =
      scenario.untilSeconds ?? Math.min(LONGEST_SECONDS, Math.max(busyUntil, lastPlanned(scenario)) + QUIET_SECONDS);
    if (seconds >= end) return impossible;
  }
}

/** At its time; or, where an operator stays to wait for them, whenever people are told of an end that nobody caught. */
function schedule(world: World, action: Action, perform: () => void): void {
  if (action.action !== 'redrive' || action.afterSeconds === undefined) {
    setTimeout(perform, action.atSeconds * 1000);
    return;
  }
  const { afterSeconds } = action;
  const fromMs = world.clock.nowEpochMs() + action.atSeconds * 1000;
  world.events.listen((event) => {
    if (event.kind !== 'notification' || world.clock.nowEpochMs() < fromMs) return;
    if (commandsIn(event.notification.body)['redrive'] !== undefined) setTimeout(perform, afterSeconds * 1000);
  });
}

function lastPlanned({ faults, actions }: Scenario): number {
  const moments = [
    ...faults.map(({ atSeconds, untilSeconds }) => untilSeconds ?? atSeconds),
    ...actions.map(({ atSeconds }) => atSeconds),
  ];
  return Math.max(0, ...moments);
}

/** A machine runs (one that is held for a person waits, it does not run), or the records are still to follow. */
function isBusy({ machines }: World, recorder: Recorder): boolean {
  const running = machines.executions().filter(({ status }) => status === 'RUNNING');
  return (
    recorder.fleet?.isBusy() === true ||
    recorder.state()?.recordsPending === true ||
    running.some(({ states }) => states.at(-1)?.state !== 'HoldForOperator')
  );
}
