import type { CheckOf } from '../../../core/config/checks.ts';
import type { ProbeResult } from '../../../core/health/check-state.ts';
import { type FunctionQuestion, parseFunctionAnswer } from '../../../core/health/function-answer.ts';
import { type ProbeContext, timeoutMsOf } from './context.ts';
import { broken, failed, PASSED, withValue } from './verdict.ts';

/** Calls the user's function in this Region; anything but an answer in the agreed form is unknown. */
export async function probeLambda(
  check: CheckOf<'lambda'>,
  { name, config, subject, ports }: ProbeContext,
): Promise<ProbeResult> {
  const question: FunctionQuestion = { application: config.application, subject: subject.id, check: name };
  const answer = await ports.functions.call(check.function, question, timeoutMsOf(check));
  if (!answer.answered) return broken(answer.reason);
  const said = parseFunctionAnswer(answer.body);
  if (said === undefined) return broken(`${check.function} gave no answer with a status`);
  const { status, reason = `${check.function} says ${status}`, value } = said;
  const verdict = status === 'passed' ? PASSED : status === 'failed' ? failed(reason) : broken(reason);
  return value === undefined ? verdict : withValue(verdict, value);
}
