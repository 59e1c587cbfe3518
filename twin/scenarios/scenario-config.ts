import { applicationRegions } from '../../core/config/accessors.ts';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Scenario } from './scenario.ts';

/**
 * The config that a story is told in: with what it says of reconciliation, where the config itself says nothing of it. The
 * twin has tables of its own, so that the story need not say where they are.
 *
 * @throws {RefusedInputError} naming every problem of that section in this config.
 */
export function configOf({ reconcile }: Pick<Scenario, 'reconcile'>, config: ResolvedConfig): ResolvedConfig {
  if (reconcile === undefined || config.reconcile !== undefined) return config;
  const connections = applicationRegions(config).map((region) => [region, { secret: `rehearsal/${region}` }] as const);
  const store = { kind: 'postgres', connections: Object.fromEntries(connections) };
  return resolveConfig({ ...config, reconcile: { store, ...reconcile } });
}
