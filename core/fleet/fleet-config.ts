import type * as z from 'zod';
import { deepFreeze } from '../config/deep-freeze.ts';
import { type Problem, RefusedInputError } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { schemaProblems } from '../schema-problems.ts';
import { fleetProblems } from './fleet-rules.ts';
import { fleetSchema } from './fleet-schema.ts';
import type { ParsedFleet, ResolvedFleet } from './fleet-types.ts';

/** A fleet as a person writes it. */
export type FleetInput = z.input<typeof fleetSchema>;

/**
 * Turns what a person wrote into a fleet that holds.
 *
 * @throws {RefusedInputError} naming every problem at once.
 */
export function resolveFleet(input: unknown): ResolvedFleet {
  const parsed = fleetSchema.safeParse(input);
  const shape = parsed.success
    ? []
    : schemaProblems(parsed.error, { input, keysListedIn: 'docs/evacuation-switches.md' });
  const problems: readonly Problem[] = [...shape, ...fleetProblems(wellFormedFields(input))];
  if (!parsed.success || problems.length > 0) throw new RefusedInputError('the fleet', problems, 'FLEET_REFUSED');
  return deepFreeze(fillIn(parsed.data));
}

/** Helps the editor with types and reports every problem as soon as the file is loaded. */
export function defineFleet(input: FleetInput): ResolvedFleet {
  return resolveFleet(input);
}

/** The fields that are what they are to be; one that may be left out and is, is there as undefined. */
function wellFormedFields(input: unknown): Partial<ParsedFleet> {
  if (!isRecord(input)) return {};
  const fields = Object.entries(fleetSchema.shape).flatMap(([name, field]) => {
    const parsed = field.safeParse(input[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(fields) as Partial<ParsedFleet>;
}

function fillIn(fleet: ParsedFleet): ResolvedFleet {
  const hosts = [...fleet.regions, ...fleet.vantages];
  const guardians =
    fleet.guardians ??
    Object.fromEntries(fleet.regions.map((ward) => [ward, hosts.filter((host) => host !== ward).slice(0, 2)]));
  return { ...fleet, evacuation: { guardians } };
}
