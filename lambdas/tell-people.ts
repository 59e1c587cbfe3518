import type { Channel, ChannelOutcome, Message } from '../core/notification/channel.ts';
import { OperationError } from '../core/operation/errors.ts';
import type { Journal } from '../core/operation/journal.ts';
import type { StepContext } from '../core/ports.ts';

/** A channel that did not take a message. */
export type FailedChannel = Extract<ChannelOutcome, { sent: false }>;

/** Sends by the channels given, or by all, and puts every one that did not take it on record. */
export async function tellPeople(
  { ports }: StepContext<'notifier'>,
  journal: Journal,
  {
    message,
    channels,
    about = {},
  }: {
    readonly message: Message;
    readonly channels?: readonly Channel[];
    readonly about?: Readonly<Record<string, unknown>>;
  },
): Promise<{ readonly told: readonly Channel[]; readonly failed: readonly FailedChannel[] }> {
  const outcomes = await ports.notifier.send(message, channels);
  const failed = outcomes.filter((outcome) => !outcome.sent);
  for (const { channel, reason } of failed) await journal.add('failed', { ...about, channel, error: reason });
  return { told: outcomes.filter(({ sent }) => sent).map(({ channel }) => channel), failed };
}

/** Lets the machine try again where any of these channels failed. @throws {OperationError} `TransientPlatformError` */
export function assertTold(failed: readonly FailedChannel[]): void {
  if (failed.length === 0) return;
  const why = failed.map(({ channel, reason }) => `${channel}: ${reason}`).join('; ');
  throw new OperationError('TransientPlatformError', `not every channel took the message: ${why}`, { retryable: true });
}
