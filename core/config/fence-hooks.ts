import * as z from 'zod';
import { functionName, seconds } from './fields.ts';
import { MOST_FENCE_HOOK_SECONDS } from './limits.ts';

const fenceHook = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, {
      error: 'is no name of a hook; allowed: 1–63 characters of a–z, 0–9 and "-", beginning with a letter',
    })
    .describe('What the record of the operation calls it.'),
  function: functionName.describe('Name of a Lambda function that every application Region has.'),
  required: z
    .boolean()
    .default(true)
    .describe('Whether nothing is promoted where it fails: then the operation is rolled back.'),
  timeoutSeconds: seconds(1, MOST_FENCE_HOOK_SECONDS)
    .default(MOST_FENCE_HOOK_SECONDS)
    .describe('How long it may take.'),
});
/** A function of the user's that helps to fence. */
export type FenceHook = Readonly<z.output<typeof fenceHook>>;

/** Functions that close what the write lease does not reach: a queue, a batch, the grants of a database user. */
export const fenceHooksSchema = z
  .array(fenceHook)
  .max(8)
  .default([])
  .describe(
    "Functions of your own that are called, all at once, when the source has lost the right to commit and before anything is promoted; in the target's Region, and more than once where an answer was lost.",
  );
