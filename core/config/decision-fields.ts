import * as z from 'zod';
import { DECISION_LIMITS } from './decision-limits.ts';
import { minutes, percent } from './fields.ts';

/** Limits of the decision table. */
export const policySchema = z.strictObject({
  errorPercent: percent
    .default(DECISION_LIMITS.errorPercent)
    .describe('Errors above which traffic leaves by itself once they have lasted for `errorMinutes`.'),
  errorMinutes: minutes(1, 10).default(DECISION_LIMITS.errorMinutes).describe('How long they must have lasted.'),
  minimumRequestsPerSecond: z
    .number()
    .min(0)
    .default(DECISION_LIMITS.minimumRequestsPerSecond)
    .describe('Traffic over that time below which a rate is an accident of few requests.'),
  degradedErrorPercent: percent
    .default(DECISION_LIMITS.degradedErrorPercent)
    .describe('Errors that ask for a person where they come with `degradedP95Milliseconds`.'),
  degradedP95Milliseconds: z
    .number()
    .positive()
    .default(DECISION_LIMITS.degradedP95Milliseconds)
    .describe('Latency above which those errors do.'),
  instancesDownPercent: percent
    .default(DECISION_LIMITS.instancesDownPercent)
    .describe('Instances of a critical service that are down, above which traffic leaves by itself.'),
  writerFailures: z
    .int()
    .min(1)
    .max(100)
    .default(DECISION_LIMITS.writerFailures)
    .describe('Consecutive failures of the database writer that traffic leaves for.'),
});

const flappingSchema = z.strictObject({
  raises: z
    .int()
    .min(2)
    .max(100)
    .default(3)
    .describe('Times that the Region was to be left within the window, after it was not; so many ask a person.'),
  windowMinutes: minutes(5, 1440).default(60).describe('How far back they are counted.'),
});

/** What may start by itself. */
export const automationSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether an outcome may start a machine by itself.'),
  coolDownMinutes: minutes(0, 1440).default(30).describe('Quiet time after the last operation.'),
  maxPerDay: z.int().min(0).max(24).default(2).describe('Automatic failovers in 24 h; the next one asks a person.'),
  flapping: flappingSchema.prefault({}).describe('When a Region that comes and goes is left to a person.'),
});
