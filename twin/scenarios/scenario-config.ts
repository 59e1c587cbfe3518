import { resolveConfig } from '../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Scenario } from './scenario.ts';

/**
 * The config that a story is told in: with what it says of reconciliation, where the config itself says nothing of it.
 *
 * @throws {RefusedInputError} naming every problem of that section in this config.
 */
export function configOf({ reconcile }: Pick<Scenario, 'reconcile'>, config: ResolvedConfig): ResolvedConfig {
  if (reconcile === undefined || config.reconcile !== undefined) return config;
  return resolveConfig({ ...config, reconcile });
}
