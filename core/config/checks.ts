import type { Check, CheckKind } from './check-field.ts';
import { DECISION_LIMITS } from './decision-limits.ts';

export type { Check, CheckClass, CheckKind, CheckOf } from './check-field.ts';

/** The check that all others behind a Region's front door depend on by default. */
export const FRONT_DOOR_CHECK = 'region-connectivity';
/** The check that the rule for a lost database writer looks at. */
export const DATABASE_WRITER_CHECK = 'database-writer';

const behindFrontDoor = { dependsOn: [FRONT_DOOR_CHECK] };
const infrastructure = {
  layer: 'infrastructure',
  class: 'critical',
  intervalSeconds: 10,
  failureThreshold: 3,
  timeoutSeconds: 5,
} as const;
const service = { layer: 'application', intervalSeconds: 30, timeoutSeconds: 10, ...behindFrontDoor } as const;
const business = { layer: 'business', intervalSeconds: 60, failureThreshold: 5, timeoutSeconds: 30 } as const;

/**
 * The default table. A config changes a row by name, adds rows, and removes one with `false`.
 * The limits of the two business rows: the errors at which the decision table leaves a Region, and the 500 ms at which a
 * failback rung is abandoned.
 */
export const DEFAULT_CHECKS: Readonly<Record<string, Check>> = {
  [FRONT_DOOR_CHECK]: { kind: 'http', path: '/health', ...infrastructure },
  [DATABASE_WRITER_CHECK]: { kind: 'deep', component: 'database-writer', ...infrastructure, ...behindFrontDoor },
  'cache-cluster': { kind: 'deep', component: 'cache-cluster', ...infrastructure, ...behindFrontDoor },
  'order-service': { kind: 'deep', component: 'order-service', class: 'critical', failureThreshold: 2, ...service },
  'payment-service': { kind: 'deep', component: 'payment-service', class: 'critical', failureThreshold: 2, ...service },
  'inventory-service': {
    kind: 'deep',
    component: 'inventory-service',
    class: 'important',
    failureThreshold: 3,
    ...service,
  },
  'error-rate': {
    kind: 'metric',
    metric: 'error-rate',
    above: DECISION_LIMITS.errorPercent / 100,
    class: 'important',
    ...business,
  },
  'response-time': { kind: 'metric', metric: 'p95-milliseconds', above: 500, class: 'informational', ...business },
};

/** Consecutive passes after which a failed check is passed again. */
export function recoveryThresholdOf(check: Pick<Check, 'failureThreshold' | 'recoveryThreshold'>): number {
  return check.recoveryThreshold ?? check.failureThreshold;
}

/**
 * Kinds that fail where the Region does not answer at all. Of a dark Region metrics, certificates and resolvers tell
 * nothing, which is unknown and not down; names resolve all the same.
 */
const FAIL_WHEN_DARK: ReadonlySet<CheckKind> = new Set<CheckKind>(['http', 'deep', 'tcp', 'lambda']);

/** Whether a check fails by itself where its Region is dark. */
export function failsWhenDark({ kind }: Check): boolean {
  return FAIL_WHEN_DARK.has(kind);
}
