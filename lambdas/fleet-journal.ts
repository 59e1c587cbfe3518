import type { FleetContext } from '../core/fleet/fleet-ports.ts';
import { type Journal, openJournal } from '../core/operation/journal.ts';
import { FLEET_STEP_LIMITS, type FleetStep } from '../state-machines/contracts.ts';
import type { FleetInput } from '../state-machines/contracts-fleet.ts';

/** Opens the log of a fleet's operation for a step, with the limits that the step's Task states have. */
export function fleetJournalFor(
  step: FleetStep,
  { ports }: FleetContext<'coordination' | 'clock'>,
  { operation }: FleetInput,
): Promise<Journal> {
  return openJournal({ ...ports, operation, step, limits: FLEET_STEP_LIMITS[step] });
}
