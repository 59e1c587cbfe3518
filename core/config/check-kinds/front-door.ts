import * as z from 'zod';
import { requestPath } from '../endpoint.ts';
import { commonFields } from './common-fields.ts';

/** As for a Route 53 health check: API_HealthCheckConfig, ResourcePath. */
const MOST_PATH_CHARACTERS = 255;

/** Asks a path of the endpoint. */
export const httpCheck = z
  .strictObject({
    kind: z.literal('http'),
    ...commonFields,
    path: z
      .string()
      .startsWith('/', { abort: true })
      .max(MOST_PATH_CHARACTERS, { abort: true })
      .refine((path) => requestPath(path).length <= MOST_PATH_CHARACTERS, {
        error: `has more than ${MOST_PATH_CHARACTERS} characters once it is written as in a URL`,
      })
      .describe('Path on the endpoint; 2xx and 3xx pass, as for a Route 53 checker.'),
  })
  .describe('Whether a path of the endpoint answers, over HTTP or HTTPS as the endpoint says.');

/** Reads a component of the contract health document. */
export const deepCheck = z
  .strictObject({
    kind: z.literal('deep'),
    ...commonFields,
    component: z.string().min(1).max(64).describe('Name under `checks` in the answer of the contract health path.'),
  })
  .describe('Whether a component says that it works, in the contract health document.');

/** Looks at what the Region publishes about its traffic. */
export const trafficCheck = z
  .strictObject({
    kind: z.literal('metric'),
    ...commonFields,
    metric: z.enum(['error-rate', 'p95-milliseconds']).describe('What the Region itself publishes about its traffic.'),
    above: z.number().positive().describe('Fails while the last full minute is above it: a fraction, or milliseconds.'),
  })
  .describe('What the Region publishes about its own traffic (`traffic`).');
