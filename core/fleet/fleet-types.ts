import type * as z from 'zod';
import type { fleetSchema } from './fleet-schema.ts';

/** A fleet after its fields were parsed and before its guardians were filled in. */
export type ParsedFleet = z.output<typeof fleetSchema>;

/** A fleet that holds: every rule met. `evacuation.guardians` is what an application's config has under that name. */
export type ResolvedFleet = Readonly<Omit<ParsedFleet, 'guardians'>> & {
  readonly evacuation: { readonly guardians: Readonly<Record<string, readonly string[]>> };
};
