import { isRecord } from '../core/is-record.ts';
import type { Journal } from '../core/operation/journal.ts';
import type { AnsweredInput, TokenInput } from '../state-machines/contracts.ts';

/** Characters of an answer that are kept; whoever can answer can send anything. */
const LONGEST_WORD = 200;

/** Whether a step that asks a person is run to record the answer. */
export function isAnswered(input: TokenInput | AnsweredInput): input is AnsweredInput {
  return 'answer' in input;
}

/** Puts on record who answered the last question, and what; once, however often the step runs. */
export async function recordAnswer(journal: Journal, step: string, { answer }: AnsweredInput): Promise<void> {
  const last = journal.record.events.findLast((event) => event.step === step);
  if (last?.outcome === 'done') return;
  const { decision, by } = isRecord(answer) ? answer : {};
  await journal.add('done', { answer: word(decision), by: word(by) });
}

function word(given: unknown): string | null {
  return typeof given === 'string' ? given.slice(0, LONGEST_WORD) : null;
}
