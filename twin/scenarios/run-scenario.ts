import { homeRegion } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { primeClients } from '../aws/prime-clients.ts';
import { createRandomStreams } from '../random.ts';
import { installVirtualClock } from '../virtual-clock.ts';
import { planFleet } from '../world/fleet/member-configs.ts';
import { startWorld } from '../world/start-world.ts';
import { createWorld, type World } from '../world/world.ts';
import { act, type ImpossibleAction } from './actions.ts';
import { outageBeginsAt, scheduleFault } from './faults.ts';
import { type Recorder, recordWorld } from './recorder.ts';
import { resolveScenario } from './references.ts';
import type { RehearsalResult } from './result-document.ts';
import type { Scenario } from './scenario.ts';
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
  /** Told every ten virtual seconds where the rehearsal is. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Where a rehearsal is. */
export interface Progress {
  readonly virtualSeconds: number;
  readonly doing: string;
}

/**
 * Rehearses a scenario in virtual time, by the step code and the state machines that are deployed, and judges what
 * became of it. The same seed gives the same result but for `wallSeconds`.
 *
 * @throws {RefusedInputError} where the scenario does not fit the config.
 */
export async function runScenario({
  scenario: given,
  config,
  seed,
  onProgress,
}: RunSettings): Promise<RehearsalResult> {
  const wallStart = performance.now();
  const scenario = resolveScenario(given, config);
  await primeClients();
  const streams = createRandomStreams(seed);
  // Rounds and schedules go by the clock, so where in a minute a story begins must not be the same for every seed.
  const startMs = FIRST_MOMENT_EPOCH_MS + Math.floor(streams.stream('start')() * 60_000);
  const clock = installVirtualClock({ startEpochMs: startMs, random: streams.stream('process') });
  try {
    const plan = scenario.fleet && planFleet(config, scenario.fleet.applications);
    const world = createWorld({ config: plan?.pilot ?? config, clock, seed, fleet: plan });
    const faultAtMs = faultMoment(scenario, { config, startMs });
    const recorder = recordWorld(world, faultAtMs);
    startWorld(world);
    wakeFleet(world, scenario, startMs);
    const impossible = await play({ scenario, world, recorder, startMs, onProgress: onProgress ?? (() => undefined) });
    const wallSeconds = Math.round(performance.now() - wallStart) / 1000;
    return tellResult({ scenario, seed, world, recorder, startMs, faultAtMs, impossible, wallSeconds });
  } finally {
    clock.dispose();
  }
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
  for (const [index, action] of scenario.actions.entries()) {
    setTimeout(() => {
      act({ world, notifications: recorder.notifications }, action, index).then(
        (found) => found !== undefined && impossible.push(found),
        (error: unknown) => failures.push(error),
      );
    }, action.atSeconds * 1000);
  }
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
