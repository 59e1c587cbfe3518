import * as z from 'zod';
import { seconds } from '../fields.ts';

/** Fields that every kind of check has. */
export const commonFields = {
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
  timeoutSeconds: seconds(1, 60).describe('A probe is over by then, whatever it has seen. Shorter than the interval.'),
  dependsOn: z
    .array(z.string())
    .optional()
    .describe('Checks whose failure by quorum makes this one count as failed, reason "unreachable".'),
};
