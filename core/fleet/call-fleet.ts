import { names } from '../config/names.ts';
import type { ObserverReport } from '../health/report.ts';
import { type ApplicationState, isHeld } from '../operation/application-state.ts';
import { REQUESTED_AUTOMATICALLY } from '../operation/requested-automatically.ts';
import type { Clock, Coordination, Fleet, StateMachines } from '../ports.ts';
import { type FleetVerdict, fleetVerdict } from './fleet-state.ts';

/** A sentinel says so at every round in which it would leave; what is older than six of them no longer stands. */
export const CALL_FRESH_MS = 60_000;
/** Executions of one name that ended without opening an operation; more than a few mean that something is broken. */
const MOST_ATTEMPTS = 10;

/** What the fleet of an application is made of. */
export interface FleetSettings {
  readonly application: string;
  readonly fleet: { readonly name: string; readonly sentinels: readonly string[] };
  readonly clock: Clock;
  /** The fleet's own table. */
  readonly coordination: Coordination;
  /** The fleet's machines in this Region. */
  readonly machines: StateMachines;
}

type Leave = Parameters<Fleet['call']>[0];

/** The fleet of an application that belongs to none. */
export const NO_FLEET: Fleet = {
  verdict: async () => 'alone',
  keepsOut: async () => false,
  call: async () => 'stays',
};

/**
 * The fleet as a member sees it. More than half of the sentinels must say within a minute that they would leave a Region:
 * then the fleet leaves it together. Whoever is not moved by the fleet leaves by itself.
 */
export function createFleet(settings: FleetSettings): Fleet {
  const { application, fleet, clock, coordination } = settings;
  return {
    verdict: (operationId) => standingVerdict(coordination, operationId),
    keepsOut: async (region) => (await coordination.readState()).evacuated.includes(region),
    call: async (leave) => {
      const { state, reports } = await coordination.readSituation();
      if (await isLeaving(settings, state, leave.source)) return 'moves';
      if (!fleet.sentinels.includes(application)) return 'stays';
      const nowEpochMs = clock.nowEpochMs();
      await coordination.mergeReport(callOf(application, leave.source, nowEpochMs));
      const others = callsFor(reports, { source: leave.source, nowEpochMs }).filter((caller) => caller !== application);
      if (!isMajority([application, ...others], fleet.sentinels)) return 'stays';
      return (await startFleet(settings, state, leave)) ? 'moves' : 'stays';
    },
  };
}

/** Whether those that call are more than half of the sentinels. */
export function isMajority(callers: readonly string[], sentinels: readonly string[]): boolean {
  return callers.filter((caller) => sentinels.includes(caller)).length * 2 > sentinels.length;
}

/** Members that have said of late that they would leave a Region. */
export function callsFor(
  reports: readonly ObserverReport[],
  { source, nowEpochMs }: { readonly source: string; readonly nowEpochMs: number },
): readonly string[] {
  return reports
    .filter(({ subject, reportedAtEpochMs }) => subject === source && nowEpochMs - reportedAtEpochMs <= CALL_FRESH_MS)
    .map(({ observer }) => observer);
}

/** A call is a report without checks: it is kept, read and judged by its age as one. */
function callOf(observer: string, subject: string, reportedAtEpochMs: number): ObserverReport {
  return { observer, subject, round: 0, reportedAtEpochMs, checks: {}, metrics: {} };
}

/** A switch that was set and has been released since moves nobody: a member whose execution is redriven so late leaves by its own. */
async function standingVerdict(coordination: Coordination, operationId: string): Promise<FleetVerdict> {
  const record = await coordination.readOperation(operationId);
  const verdict = fleetVerdict(record);
  if (record === undefined || verdict !== 'flipped') return verdict;
  const { evacuated } = await coordination.readState();
  return evacuated.includes(record.request.source) ? 'flipped' : 'alone';
}

async function isLeaving(
  { coordination, clock }: FleetSettings,
  state: ApplicationState,
  source: string,
): Promise<boolean> {
  if (state.operationId === null || state.phase !== 'FAILING_OVER' || !isHeld(state, clock.nowEpochMs())) return false;
  const record = await coordination.readOperation(state.operationId);
  return record?.request.source === source && fleetVerdict(record) !== 'alone';
}

/** The name makes all sentinels start one execution. */
async function startFleet(
  { fleet, machines }: FleetSettings,
  { epoch }: ApplicationState,
  { source, target, reason }: Leave,
): Promise<boolean> {
  const common = { fleet: fleet.name, source, target, reason };
  const input = { ...common, mode: 'automatic', requestedBy: REQUESTED_AUTOMATICALLY, epoch };
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const name = `${names.fleetApplication(fleet.name)}-${epoch}-${source}-${target}-${attempt}`;
    const outcome = await machines.start({ machine: 'fleet-evacuation', name, input });
    if (outcome.kind === 'started' || outcome.running) return true;
  }
  return false;
}
