import * as z from 'zod';

/** The two limits of a measured value, of which a check has exactly one. */
export const limitFields = {
  above: z.number().optional().describe('Fails while the value is above it. Either this or `below`.'),
  below: z.number().optional().describe('Fails while the value is below it. Either this or `above`.'),
};
