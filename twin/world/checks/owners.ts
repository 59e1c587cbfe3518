import { checksOf } from '../../../core/config/accessors.ts';
import { parseEndpoint } from '../../../core/config/endpoint.ts';
import { type Regional, textFor } from '../../../core/config/regional.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';

/** The Region that each name of the config's checks belongs to: those of its endpoints, and those that differ by Region. */
export function ownersOfNames(config: ResolvedConfig): ReadonlyMap<string, string> {
  const named = checksOf(config).flatMap(({ check }): readonly (Regional | undefined)[] => {
    if (check.kind === 'tcp' || check.kind === 'tls-expiry') return [check.host];
    return check.kind === 'dns' ? [check.name] : [];
  });
  const owners = new Map<string, string>();
  for (const { id, endpoint } of config.regions) {
    owners.set(parseEndpoint(endpoint).host, id);
    for (const name of named) if (name !== undefined && differs(config, name)) owners.set(textFor(name, id), id);
  }
  return owners;
}

function differs({ regions }: ResolvedConfig, name: Regional): boolean {
  return new Set(regions.map(({ id }) => textFor(name, id))).size === regions.length;
}
