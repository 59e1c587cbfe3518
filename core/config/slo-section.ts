import * as z from 'zod';

/** What each Region owes its users. */
export const sloSchema = z.strictObject({
  availabilityPercent: z
    .number()
    .min(95)
    .max(99.999)
    .default(99.9)
    .describe('Share of requests of a Region that must not fail over 30 days, percent; what burn-rate alarms measure.'),
});
