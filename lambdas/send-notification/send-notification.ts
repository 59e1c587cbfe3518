import { progressMessage } from '../../core/notification/messages.ts';
import { createJournal } from '../../core/operation/journal.ts';
import type { StepContext } from '../../core/ports.ts';
import { causeText, type NotificationInput } from '../../state-machines/contracts.ts';

/**
 * Tells people where the operation stands. Also after its end, so it needs no lease; sent once per event however often
 * the step runs.
 */
export function createSendNotification(
  context: StepContext<'coordination' | 'clock' | 'notifier'>,
): (input: NotificationInput) => Promise<void> {
  const { config, ports, region } = context;
  return async ({ operation, event, error }) => {
    const record = await ports.coordination.readOperation(operation.operationId);
    if (
      record === undefined ||
      record.events.some(({ step, detail }) => step === 'send-notification' && detail['event'] === event)
    )
      return;
    const cause = error === undefined ? undefined : causeText(error);
    await ports.notifier.send(
      progressMessage({
        config,
        region,
        record,
        event,
        nowEpochMs: ports.clock.nowEpochMs(),
        ...(cause === undefined ? {} : { cause }),
      }),
    );
    await createJournal({ record, step: 'send-notification', ...ports }).add('done', { event });
  };
}
