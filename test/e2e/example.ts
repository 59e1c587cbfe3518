import { resolveConfig } from '../../core/config/resolve.ts';
import type { ConfigInput, ResolvedConfig } from '../../core/config/types.ts';

/** The two application Regions of the example, by what they are to it. */
export const HOME = 'ap-southeast-1';
export const STANDBY = 'ap-northeast-1';
export const VANTAGE = 'ap-northeast-2';
/** Every Region that a stack goes into. */
export const REGIONS = [HOME, STANDBY, VANTAGE] as const;

export const GLOBAL_CLUSTER = 'storefront';
export const ZONE_NAME = 'storefront.example';
export const HOSTS: Readonly<Record<string, string>> = {
  [HOME]: `singapore.${ZONE_NAME}`,
  [STANDBY]: `tokyo.${ZONE_NAME}`,
};

/** What differs from run to run. */
export interface Places {
  readonly hostedZoneId: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Named in messages and nowhere else: what a later deployment changes. */
  readonly incidentChannel: string;
}

/** A check asks every round, and believes two failures or one success: a busy machine is no outage. */
const quick = { intervalSeconds: 10, failureThreshold: 2, recoveryThreshold: 1, timeoutSeconds: 3 };

/**
 * The example of every document (switchyard.config.ts), in other places and with shorter waits, by the fields that any config
 * has; docs/testing.md says what differs.
 */
export function exampleInput({ hostedZoneId, ports, incidentChannel }: Places): ConfigInput {
  const region = (id: string, role: 'primary' | 'standby') => ({
    id,
    role,
    endpoint: `http://${HOSTS[id]}:${ports[id]}`,
  });
  return {
    application: 'storefront',
    record: `api.${ZONE_NAME}`,
    hostedZoneId,
    hostedZoneName: ZONE_NAME,
    preset: 'active-passive',
    ttlSeconds: 5,
    regions: [region(HOME, 'primary'), region(STANDBY, 'standby')],
    vantages: [VANTAGE],
    coordination: { replicas: [STANDBY, VANTAGE], witness: 'ap-northeast-3' },
    checks: {
      'region-connectivity': quick,
      'database-writer': quick,
      'cache-cluster': quick,
      'order-service': quick,
      'payment-service': quick,
      'inventory-service': quick,
      'error-rate': quick,
      'response-time': quick,
    },
    traffic: { periodSeconds: 5 },
    data: { adapter: 'aurora-global', globalCluster: GLOBAL_CLUSTER, lossBudgetSeconds: 5, writes: 'forwarded' },
    evacuation: {
      kind: 's3',
      guardians: { [HOME]: [STANDBY, VANTAGE], [STANDBY]: [HOME, VANTAGE] },
      scopes: ['application'],
    },
    lastResort: { addresses: ['192.0.2.10'] },
    automation: { enabled: true, coolDownMinutes: 0, maxPerDay: 2 },
    failover: { verifyIntervalSeconds: 5, verifyAttempts: 24 },
    failback: { rungs: [50, 100], bakeMinutes: 0.25, checkSeconds: 5, holdMinutes: 0, shareTolerancePercent: 25 },
    notify: { incidentChannel },
  };
}

/** The config as everything in the project reads it. */
export function exampleConfig(places: Places): ResolvedConfig {
  return resolveConfig(exampleInput(places));
}
