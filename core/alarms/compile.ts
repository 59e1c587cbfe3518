import { traitsOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { burnRateAlarms } from './burn-rate.ts';
import type { AlarmSite, CompiledAlarm } from './definition.ts';
import { healthAlarms } from './health.ts';
import { operationAlarms } from './operation.ts';
import { parityAlarms } from './parity.ts';
import { replicationLagAlarms } from './replication-lag.ts';
import { trafficAlarms } from './traffic.ts';
import { writeBufferAlarms } from './write-buffer.ts';

/**
 * Every alarm of an application Region, those that a composite alarm refers to before it. None where DNS alone does it:
 * nothing of ours runs there.
 */
export function compileAlarms(config: ResolvedConfig, region: string): readonly CompiledAlarm[] {
  if (!traitsOf(config).orchestrated) return [];
  const site: AlarmSite<ResolvedConfig> = { config, region };
  return [
    ...healthAlarms(site),
    ...trafficAlarms(site),
    ...burnRateAlarms(site),
    ...replicationLagAlarms(site),
    ...parityAlarms(site),
    ...operationAlarms(site),
    ...writeBufferAlarms(site),
  ];
}

/** Names of the alarms of a Region on which its observer looks and decides at once. */
export function wakingAlarms(config: ResolvedConfig, region: string): readonly string[] {
  return compileAlarms(config, region)
    .filter(({ wakesObserver }) => wakesObserver)
    .map(({ definition }) => definition.AlarmName);
}
