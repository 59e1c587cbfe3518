import type { Channel, ChannelOutcome, Message, Notifier } from '../../core/notification/channel.ts';
import { reasonOf, within } from '../within.ts';

/** One way of telling people. */
export interface NotificationChannel {
  readonly name: Channel;
  /** Sends. Rejects where the message was not taken, with a reason that holds no secret. */
  send(message: Message): Promise<void>;
}

/**
 * Longest that a message may take in any channel, ms: the secret, two tries and the pause between them in the usual case,
 * and half of the 10 s of a step that also reads and writes the operation's record.
 */
export const CHANNEL_DEADLINE_MS = 5_000;

/** Tells people by several channels side by side: one that is dead or slow holds up no other, and nobody for long. */
export function createNotifier(channels: readonly NotificationChannel[]): Notifier {
  return {
    send: (message, names) =>
      Promise.all(
        channels
          .filter(({ name }) => names === undefined || names.includes(name))
          .map((channel) => outcomeOf(channel, message)),
      ),
  };
}

async function outcomeOf(channel: NotificationChannel, message: Message): Promise<ChannelOutcome> {
  try {
    await within(CHANNEL_DEADLINE_MS, () => channel.send(message));
    return { channel: channel.name, sent: true };
  } catch (error) {
    return { channel: channel.name, sent: false, reason: describe(error), error };
  }
}

/** With the name of an error that has one of its own: it says more than its message. */
function describe(error: unknown): string {
  const named = error instanceof Error && error.name !== 'Error';
  return named ? `${error.name}: ${error.message}` : reasonOf(error);
}
