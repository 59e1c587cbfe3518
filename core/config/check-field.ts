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
