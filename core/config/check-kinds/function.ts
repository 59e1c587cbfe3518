import * as z from 'zod';
import { commonFields } from './common-fields.ts';

/** Calls a function of the user's. */
export const lambdaCheck = z
  .strictObject({
    kind: z.literal('lambda'),
    ...commonFields,
    // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (FunctionName: 64 characters, and an alias or version)
    function: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?$/, {
        error:
          'is not the name of a function; allowed: letters, digits, "-" and "_", at most 64, with ":alias" or without',
      })
      .describe('Name of a Lambda function that every Region with an observer has.'),
  })
  .describe("What a function of your own says; it is called in the observer's own Region.");
