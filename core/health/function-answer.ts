import * as z from 'zod';
import { parseJson } from '../parse-json.ts';

const answerSchema = z.looseObject({
  status: z.enum(['passed', 'failed', 'unknown']),
  reason: z.string().optional(),
  value: z.number().optional(),
});

/** What a function of the user's is asked. */
export interface FunctionQuestion {
  readonly application: string;
  /** Id of the Region that is looked at. */
  readonly subject: string;
  /** Name of the check in the table. */
  readonly check: string;
}

/** What it may answer. */
export type FunctionAnswer = Readonly<z.output<typeof answerSchema>>;

/** Reads the answer; undefined where it is none, which says nothing about the Region. */
export function parseFunctionAnswer(body: string): FunctionAnswer | undefined {
  return answerSchema.safeParse(parseJson(body)).data;
}
