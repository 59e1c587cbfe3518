import { progressMessage } from '../../core/notification/messages.ts';
import { createJournal } from '../../core/operation/journal.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import type { StepContext } from '../../core/ports.ts';
import { causeText, type NotificationEvent, type NotificationInput } from '../../state-machines/contracts.ts';

/**
 * Tells people where the operation stands. Also after its end, so it needs no lease; sent once per event however often
 * the step runs. A channel that fails is recorded, and the machine tries again and then goes on.
 */
export function createSendNotification(
  context: StepContext<'coordination' | 'clock' | 'notifier'>,
): (input: NotificationInput) => Promise<void> {
  const { config, ports, region } = context;
  return async ({ operation, event, error }) => {
    const record = await ports.coordination.readOperation(operation.operationId);
    if (record === undefined || wasSent(record, event)) return;
    const journal = createJournal({ record, step: 'send-notification', ...ports });
    const cause = error === undefined ? reasonOfEnd(record) : causeText(error);
    const message = progressMessage({
      config,
      region,
      record,
      event,
      nowEpochMs: ports.clock.nowEpochMs(),
      ...(cause === undefined ? {} : { cause }),
    });
    try {
      await ports.notifier.send(message);
    } catch (failure) {
      await journal.add('failed', { event, channel: 'sns', error: String(failure) });
      throw failure;
    }
    await journal.add('done', { event });
  };
}

function wasSent({ events }: OperationRecord, event: NotificationEvent): boolean {
  return events.some(
    ({ step, outcome, detail }) => step === 'send-notification' && outcome === 'done' && detail['event'] === event,
  );
}

/** Why the operation ended as it did, where it has. */
function reasonOfEnd(record: OperationRecord): string | undefined {
  const reason = findEvent(record, 'close-operation', 'done')?.detail['reason'];
  return typeof reason === 'string' && reason !== '' ? reason : undefined;
}
