import { parseEndpoint } from '../config/endpoint.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { checkNames, healthChecksOf } from '../routing/compile/health-checks.ts';
import type { HealthCheckConfig } from '../routing/health-check.ts';
import type { TreeHealthCheck } from '../routing/record-tree.ts';

/** A health check as it is billed. */
export interface BilledCheck {
  readonly id: string;
  /** Bucket, load balancer or other checks: all of AWS. A host name or an address is taken for one outside it, which costs more. */
  readonly ofAws: boolean;
  /** Options that are billed each. */
  readonly options: readonly ('https' | 'string matching' | 'fast interval' | 'latency')[];
}

/** Names of buckets do not change what is billed. */
const ANYWHERE = { account: '', partition: 'aws' };

/** Every health check of the config, as it is billed. */
export function billedChecks(config: ResolvedConfig): readonly BilledCheck[] {
  const outside = new Set(
    config.regions
      .filter(({ endpoint }) => parseEndpoint(endpoint).target.kind !== 'load-balancer')
      .map(({ id }) => checkNames.endpoint(id)),
  );
  return healthChecksOf(config, ANYWHERE).map(({ id, config: check }: TreeHealthCheck) => ({
    id,
    ofAws: !outside.has(id),
    options: optionsOf(check),
  }));
}

function optionsOf({ Type, RequestInterval, MeasureLatency }: HealthCheckConfig): BilledCheck['options'] {
  return [
    ...(Type.startsWith('HTTPS') ? (['https'] as const) : []),
    ...(Type.endsWith('STR_MATCH') ? (['string matching'] as const) : []),
    ...(RequestInterval === 10 ? (['fast interval'] as const) : []),
    ...(MeasureLatency === true ? (['latency'] as const) : []),
  ];
}
