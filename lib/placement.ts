import { applicationRegions, guardiansOf } from '../core/config/accessors.ts';
import type { ResolvedConfig } from '../core/config/types.ts';

/**
 * The Region of the records' stack and of the live weights: where the coordination table is defined, or the first
 * Region of an application that has none.
 */
export function routingRegion(config: ResolvedConfig): string {
  const [first] = config.coordination?.replicas ?? applicationRegions(config);
  if (first === undefined) throw new RangeError('a resolved config has at least two Regions');
  return first;
}

/** Whether a Region keeps the evacuation switch of another one. */
export function isGuardian(config: ResolvedConfig, region: string): boolean {
  return applicationRegions(config).some((ward) => guardiansOf(config, ward).includes(region));
}
