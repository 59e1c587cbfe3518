import * as z from 'zod';
import { requestPath } from './endpoint.ts';
import { seconds } from './fields.ts';

/** As for a Route 53 health check: API_HealthCheckConfig, ResourcePath. */
const MOST_PATH_CHARACTERS = 255;

const common = {
  layer: z.enum(['infrastructure', 'application', 'business']).describe('What the check looks at.'),
  class: z
    .enum(['critical', 'important', 'informational'])
    .describe('Only critical checks can, by failing together, move traffic by themselves.'),
  intervalSeconds: seconds(10, 300).multipleOf(10).describe('How often each observer probes; whole rounds of 10 s.'),
  failureThreshold: z.int().min(1).max(10).describe('Consecutive failures that raise the check to failed.'),
  recoveryThreshold: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .describe('Consecutive passes that return it to passed; the failure threshold where not given.'),
  timeoutSeconds: seconds(1, 60).describe('A probe without an answer by then has failed. Shorter than the interval.'),
  dependsOn: z
    .array(z.string())
    .optional()
    .describe('Checks whose failure by quorum makes this one count as failed, reason "unreachable".'),
};

const httpCheck = z.strictObject({
  kind: z.literal('http'),
  ...common,
  path: z
    .string()
    .startsWith('/', { abort: true })
    .max(MOST_PATH_CHARACTERS, { abort: true })
    .refine((path) => requestPath(path).length <= MOST_PATH_CHARACTERS, {
      error: `has more than ${MOST_PATH_CHARACTERS} characters once it is written as in a URL`,
    })
    .describe('Path on the endpoint; 2xx and 3xx pass, as for a Route 53 checker.'),
});

const deepCheck = z.strictObject({
  kind: z.literal('deep'),
  ...common,
  component: z.string().min(1).max(64).describe('Name under `checks` in the answer of the contract health path.'),
});

const metricCheck = z.strictObject({
  kind: z.literal('metric'),
  ...common,
  metric: z.enum(['error-rate', 'p95-milliseconds']).describe('What the Region itself publishes about its traffic.'),
  above: z.number().positive().describe('Fails while the last full minute is above it: a fraction, or milliseconds.'),
});

/** One row of the check table. */
export const checkSchema = z.discriminatedUnion('kind', [httpCheck, deepCheck, metricCheck]);
export type Check = Readonly<z.output<typeof checkSchema>>;
export type CheckClass = Check['class'];

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
 * The limits of the two business rows: 10 % errors, where the decision table's range for a degraded Region ends, and the
 * 500 ms at which a failback rung is abandoned.
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
  'error-rate': { kind: 'metric', metric: 'error-rate', above: 0.1, class: 'important', ...business },
  'response-time': { kind: 'metric', metric: 'p95-milliseconds', above: 500, class: 'informational', ...business },
};

/** Consecutive passes after which a failed check is passed again. */
export function recoveryThresholdOf(check: Check): number {
  return check.recoveryThreshold ?? check.failureThreshold;
}
