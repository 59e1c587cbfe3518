import { names } from '../config/names.ts';
import { type ApplicationState, NEVER_MOVED } from '../operation/application-state.ts';
import { findEvent, type OperationRecord } from '../operation/operation-record.ts';
import type { Holder, Transition } from '../operation/transitions.ts';

/** The item of a fleet that has never moved: lease, epoch and switches, as an application's has them. Nobody writes in its name. */
export function initialFleetState({
  fleet,
  regions,
}: {
  readonly fleet: string;
  readonly regions: readonly string[];
}): ApplicationState {
  return {
    ...NEVER_MOVED,
    application: names.fleetApplication(fleet),
    activeRegion: regions[0] ?? '',
    writerRegion: null,
    weights: {},
  };
}

/** The fleet is about to leave a Region by its one switch. */
export function leaveTogether(
  { epoch, operationId }: Holder,
  { evacuated }: ApplicationState,
  { source, target }: { readonly source: string; readonly target: string },
): Transition {
  return {
    expect: { epoch, operationId },
    set: { activeRegion: target, evacuated: [...new Set([...evacuated, source])] },
  };
}

/** The fleet's switch no longer keeps a Region out. */
export function returnTogether(
  { epoch, operationId }: Holder,
  { evacuated }: ApplicationState,
  region: string,
): Transition {
  return {
    expect: { epoch, operationId },
    set: { activeRegion: region, evacuated: evacuated.filter((other) => other !== region) },
  };
}

/** What a member that is fenced does next: wait for the fleet, go by the fleet's switch, or leave by its own. */
export type FleetVerdict = 'waiting' | 'flipped' | 'alone';

/**
 * What the record of the fleet's operation tells a member. An operation that ended without the switch, or that nobody
 * knows, moves nobody: the member leaves by its own.
 */
export function fleetVerdict(record: Pick<OperationRecord, 'events' | 'status'> | undefined): FleetVerdict {
  if (record === undefined) return 'alone';
  if (findEvent(record, 'flip-fleet', 'done') !== undefined) return 'flipped';
  const refused = findEvent(record, 'judge-fleet', 'refused') !== undefined;
  return refused || record.status !== 'RUNNING' ? 'alone' : 'waiting';
}

/**
 * A member that is fenced waits as long for its fleet, and then leaves by itself: its users wait for it. Whatever the
 * fleet found out before that says nothing about where the member is by now.
 */
export const FLEET_PATIENCE_SECONDS = 120;

/**
 * The reason why what is known of the fences is too old to take anybody out by it; undefined where it is not. A stopped
 * execution may be redriven within 14 days, with the findings that it had: members may have come back since.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
export function staleFences(
  { openedAtEpochMs }: Pick<OperationRecord, 'openedAtEpochMs'>,
  { fenceSeconds }: { readonly fenceSeconds: number },
  nowEpochMs: number,
): string | undefined {
  const ageSeconds = Math.round((nowEpochMs - openedAtEpochMs) / 1000);
  const allowedSeconds = fenceSeconds + FLEET_PATIENCE_SECONDS;
  if (ageSeconds <= allowedSeconds) return undefined;
  return `the operation was opened ${ageSeconds} s ago, and what it knows of the fences holds for ${allowedSeconds} s; start it anew`;
}
