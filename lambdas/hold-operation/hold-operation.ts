import { isRetreating } from '../../core/failback/direction.ts';
import { holdMessage } from '../../core/notification/messages.ts';
import { markNeedsOperator } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { type AnsweredInput, causeText, type HoldOutput, type TokenInput } from '../../state-machines/contracts.ts';
import { isAnswered, recordAnswer } from '../record-answer.ts';
import { journalFor } from '../step-journal.ts';
import { tellPeople } from '../tell-people.ts';

/**
 * Holds an operation that can neither go on nor go back: says so in the state, keeps the task token, and tells people
 * the two commands that answer it, resume and abort, and what each of them does. Traffic stays where it is until then. Run
 * with the answer it records that, and says which way the operation was going.
 */
export function createHoldOperation(
  context: StepContext<'coordination' | 'clock' | 'notifier'>,
): (input: TokenInput | AnsweredInput) => Promise<HoldOutput> {
  const { config, ports, region } = context;
  return async (input) => {
    const journal = await journalFor('hold-operation', context, input);
    const output: HoldOutput = { retreating: isRetreating(journal.record) };
    if (isAnswered(input)) {
      await recordAnswer(journal, 'hold-operation', input);
      return output;
    }
    const cause = input.error === undefined ? 'held' : `${input.error.Error}: ${causeText(input.error)}`;
    const state = await journal.change(markNeedsOperator(journal.holder));
    await ports.coordination.setStatus(journal.holder.operationId, 'NEEDS_OPERATOR', null);
    await journal.add('waiting', { taskToken: input.taskToken, cause });
    const message = holdMessage({
      config,
      region,
      record: journal.record,
      taskToken: input.taskToken,
      cause,
      state,
      nowEpochMs: ports.clock.nowEpochMs(),
    });
    // A dead channel must not let the machine believe that nobody was to be asked: the hold stands in the record.
    await tellPeople(context, journal, { message });
    return output;
  };
}
