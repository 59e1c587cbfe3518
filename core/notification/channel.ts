/** The ways by which people are told: Amazon SNS always, the others where the config names them. */
export const CHANNELS = ['sns', 'pagerduty', 'chat'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A message to people. */
export interface Message {
  readonly subject: string;
  /** Every fact as JSON, and the text. */
  readonly body: string;
  /** The same facts for a person to read. */
  readonly text: string;
  /** What may leave the account: the facts without anything that could answer a waiting task. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What it means for whoever is on call; left out where it speaks of no operation. */
  readonly incident?: Incident;
}

/** An operation as an incident: there while somebody has to look, over once nobody has to. */
export interface Incident {
  /** The operation's id: all its messages are about one incident. */
  readonly key: string;
  readonly state: 'open' | 'over';
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
}

/** What became of a message in one channel; neither a reason nor an error holds a secret. */
export type ChannelOutcome =
  | { readonly channel: Channel; readonly sent: true }
  | { readonly channel: Channel; readonly sent: false; readonly reason: string; readonly error: unknown };

/** Tells people by every channel at once, or by those that are named. Never rejects, and is over within seconds. */
export interface Notifier {
  send(message: Message, channels?: readonly Channel[]): Promise<readonly ChannelOutcome[]>;
}
