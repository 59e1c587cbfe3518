import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** A message as a subscriber got it. */
export interface ReceivedMessage {
  readonly atMs: number;
  readonly region: string;
  readonly subject: string;
  readonly text: string;
}

/** Subscribers of the notification topics, one address per Region. */
export interface Inbox {
  readonly messages: readonly ReceivedMessage[];
  address(region: string): string;
  stop(): Promise<void>;
}

/** Answers a topic that asks whether this address wants its messages. */
export type Confirm = (
  region: string,
  asked: { readonly TopicArn: string | undefined; readonly Token: string | undefined },
) => Promise<unknown>;

/** Opens an HTTP server that topics deliver to. */
export async function openInbox(confirm: Confirm): Promise<Inbox> {
  const messages: ReceivedMessage[] = [];
  const server = createServer((request, response) => {
    read(request)
      .then(async (body) => {
        const { Type, Subject, Message, TopicArn, Token } = JSON.parse(body) as Record<string, string | undefined>;
        const region = new URL(request.url ?? '/', 'http://inbox').pathname.slice(1);
        if (Type === 'SubscriptionConfirmation') await confirm(region, { TopicArn, Token });
        if (Type !== 'Notification') return;
        messages.push({ atMs: Date.now(), region, subject: Subject ?? '', text: textOf(Message ?? '') });
      })
      .catch(() => undefined)
      .finally(() => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    messages,
    address: (region) => `http://127.0.0.1:${port}/${region}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** Our messages are documents with a text for people; an alarm's has its own form. */
function textOf(message: string): string {
  try {
    const { text } = JSON.parse(message) as { text?: unknown };
    return typeof text === 'string' ? text : message;
  } catch {
    return message;
  }
}
