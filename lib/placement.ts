import { applicationRegions, guardiansOf } from '../core/config/accessors.ts';
import type { ResolvedConfig } from '../core/config/types.ts';

/** Whether a Region keeps the evacuation switch of another one as an object. */
export function isGuardian(config: ResolvedConfig, region: string): boolean {
  if (config.evacuation.kind !== 's3') return false;
  return applicationRegions(config).some((ward) => guardiansOf(config, ward).includes(region));
}
