import { approvalMessage } from '../../core/notification/messages.ts';
import type { StepContext } from '../../core/ports.ts';
import type { AnsweredInput, TokenInput } from '../../state-machines/contracts.ts';
import { isAnswered, recordAnswer } from '../record-answer.ts';
import { journalFor } from '../step-journal.ts';
import { assertTold, tellPeople } from '../tell-people.ts';

/**
 * Asks a person: keeps the task token with the operation and sends the two commands that answer it. The machine waits
 * for the token; a decline, and an answer that does not come in time, end the operation with nothing changed.
 */
export function createRequestApproval(
  context: StepContext<'coordination' | 'clock' | 'notifier'>,
): (input: TokenInput | AnsweredInput) => Promise<void> {
  const { config, ports, region } = context;
  return async (input) => {
    const journal = await journalFor('request-approval', context, input);
    if (isAnswered(input)) return recordAnswer(journal, 'request-approval', input);
    await journal.add('waiting', {
      taskToken: input.taskToken,
      timeoutSeconds: input.operation.approvalTimeoutSeconds,
    });
    const message = approvalMessage({
      config,
      region,
      record: journal.record,
      taskToken: input.taskToken,
      nowEpochMs: ports.clock.nowEpochMs(),
    });
    const { failed } = await tellPeople(context, journal, { message });
    // The commands that answer are in the topic's message alone.
    assertTold(failed.filter(({ channel }) => channel === 'sns'));
  };
}
