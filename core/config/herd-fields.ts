import * as z from 'zod';
import { percent } from './fields.ts';

/**
 * What keeps a herd of clients from falling upon a Region that is just back: fields of `failback`. Each is on where what it
 * looks at is named.
 */
export const herdFields = {
  warmUpMinutes: z
    .number()
    .min(1)
    .max(60)
    .default(30)
    .describe(
      'How long a rung may wait, before it begins, for the returning Region to be warm: its `capacityRequestsPerSecond`, the cap and the cache bound below. Then the ladder is left as on a breach.',
    ),
  minimumCacheHitPercent: percent
    .optional()
    .describe('Cache hits in the returning Region (`traffic.cacheHits`) below which no rung begins.'),
  requestCaps: z
    .record(z.string(), z.number().positive())
    .default({})
    .describe(
      'Requests per second that a rung may bring to the returning Region, by the rung, e.g. `{ "10": 50 }`. Expected above it, the rung waits; measured above it, it is a breach.',
    ),
  slowStartPercent: z
    .int()
    .min(10)
    .max(100)
    .optional()
    .describe(
      'Largest step of the weight, in points: a rung further away is reached by steps, one TTL and a look each.',
    ),
  maximumAttemptsPerRequest: z
    .number()
    .min(1)
    .default(1.5)
    .describe(
      'Attempts of clients per request of a user, in either Region, above which a rung is abandoned as a retry storm. Judged where `traffic.retries` is named.',
    ),
};
