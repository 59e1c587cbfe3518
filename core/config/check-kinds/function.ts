import * as z from 'zod';
import { functionName } from '../fields.ts';
import { commonFields } from './common-fields.ts';

/** Calls a function of the user's. */
export const lambdaCheck = z
  .strictObject({
    kind: z.literal('lambda'),
    ...commonFields,
    function: functionName.describe('Name of a Lambda function that every Region with an observer has.'),
  })
  .describe("What a function of your own says; it is called in the observer's own Region.");
