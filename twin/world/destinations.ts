import { parseEndpoint } from '../../core/config/endpoint.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { canonicalName } from '../../core/routing/dns-name.ts';

/** Where a request goes that got the static site. */
export const LAST_RESORT = 'last-resort';
/** Where a request goes that got no answer. */
export const NOWHERE = 'nowhere';

/** Says where an answered value leads: to a Region, to the last resort, or nowhere. */
export function createDestinations(config: ResolvedConfig): (value: string | undefined) => string {
  const known = new Map<string, string>([[names.lastResortRecord(config), LAST_RESORT]]);
  for (const { id, endpoint } of config.regions) known.set(parseEndpoint(endpoint).host, id);
  for (const address of config.lastResort?.addresses ?? []) known.set(address, LAST_RESORT);
  return (value) => known.get(canonicalName(value ?? '')) ?? NOWHERE;
}
