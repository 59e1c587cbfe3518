import { CHANNELS, type Channel } from '../../core/notification/channel.ts';
import { progressMessage } from '../../core/notification/messages.ts';
import { createJournal } from '../../core/operation/journal.ts';
import { findEvent, type OperationRecord } from '../../core/operation/operation-record.ts';
import type { StepContext } from '../../core/ports.ts';
import { causeText, type NotificationEvent, type NotificationInput } from '../../state-machines/contracts.ts';
import { assertTold, tellPeople } from '../tell-people.ts';

/**
 * Tells people where the operation stands. Also after its end, so it needs no lease; sent once per event and channel
 * however often the step runs. A channel that fails is recorded, and the machine tries again and then goes on.
 */
export function createSendNotification(
  context: StepContext<'coordination' | 'clock' | 'notifier'>,
): (input: NotificationInput) => Promise<void> {
  const { config, ports, region } = context;
  return async ({ operation, event, error }) => {
    const record = await ports.coordination.readOperation(operation.operationId);
    if (record === undefined) return;
    const channels = CHANNELS.filter((channel) => !wasSent(record, event, channel));
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
    const { told, failed } = await tellPeople(context, journal, { message, channels, about: { event } });
    for (const channel of told) await journal.add('done', { event, channel });
    assertTold(failed.filter(({ channel }) => isWorthWaiting(event, channel)));
  };
}

/**
 * Whether the machine may wait for a channel that the step has tried by itself: after the end of an operation for any,
 * before that for the account's own topic alone. Users do not wait for somebody else's service.
 */
function isWorthWaiting(event: NotificationEvent, channel: Channel): boolean {
  return event !== 'started' || channel === 'sns';
}

function wasSent({ events }: OperationRecord, event: NotificationEvent, channel: Channel): boolean {
  return events.some(
    ({ step, outcome, detail }) =>
      step === 'send-notification' && outcome === 'done' && detail['event'] === event && detail['channel'] === channel,
  );
}

/** Why the operation ended as it did, where it has. */
function reasonOfEnd(record: OperationRecord): string | undefined {
  const reason = findEvent(record, 'close-operation', 'done')?.detail['reason'];
  return typeof reason === 'string' && reason !== '' ? reason : undefined;
}
