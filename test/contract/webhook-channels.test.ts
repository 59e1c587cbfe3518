import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createFetchHttpClient } from '../../adapters/http/fetch-http-client.ts';
import { createChatChannel, createPagerDutyChannel } from '../../adapters/notification/webhook-channels.ts';
import { progressMessage, reviewMessage } from '../../core/notification/messages.ts';
import type { WebhookClient } from '../../core/ports.ts';
import exampleConfig from '../../switchyard.config.ts';
import { decisionSample, TOKYO } from '../_helpers/coordination-samples.ts';
import { closedPort, withLoopbackHttp } from '../_helpers/loopback-http.ts';
import { NOW } from '../_helpers/observations.ts';
import { recordOf } from '../_helpers/operations.ts';

const KEY = 'R0UT1NGKEY'.padEnd(32, '0');
const MESSAGE = progressMessage({
  config: exampleConfig,
  region: TOKYO,
  record: recordOf(),
  nowEpochMs: NOW,
  event: 'started',
});

/** A secret that is read from a list, the next value each time that it was forgotten. */
function secretOf(...values: readonly string[]) {
  const secret = {
    reads: 0,
    forgotten: 0,
    read: async () => {
      secret.reads++;
      return values[Math.min(secret.forgotten, values.length - 1)] ?? '';
    },
    forget: () => void secret.forgotten++,
  };
  return secret;
}

const clock = { sleep: async () => undefined };
const webhooks = createFetchHttpClient();

type Answer = readonly [status: number, body: string];

/** A service that answers one after the other, and what it was sent. */
async function withService(
  answers: readonly Answer[],
  run: (service: { url: string; taken: readonly Record<string, unknown>[] }) => Promise<void>,
): Promise<void> {
  const taken: Record<string, unknown>[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [status, body] = answers[Math.min(taken.length, answers.length - 1)] ?? [500, ''];
      taken.push({
        method: request.method,
        path: request.url,
        type: request.headers['content-type'],
        ...(JSON.parse(Buffer.concat(chunks).toString('utf8')) as object),
      });
      response.writeHead(status).end(body);
    });
  };
  await withLoopbackHttp(answer, ({ url }) => run({ url, taken }));
}

describe('PagerDuty over a real socket', () => {
  it('is sent one event as JSON, with the key from the secret', () =>
    withService([[202, '{"status":"success"}']], async ({ url, taken }) => {
      await createPagerDutyChannel(`${url}/v2/enqueue`, { webhooks, clock, secret: secretOf(KEY) }).send(MESSAGE);
      expect(taken).toMatchObject([
        {
          method: 'POST',
          path: '/v2/enqueue',
          type: 'application/json',
          routing_key: KEY,
          event_action: 'trigger',
          dedup_key: 'storefront-1-manual',
          payload: { severity: 'warning' },
        },
      ]);
    }));

  it.each([429, 500, 503])('is asked once more after status %i', (status) =>
    withService(
      [
        [status, ''],
        [202, ''],
      ],
      async ({ url, taken }) => {
        await createPagerDutyChannel(url, { webhooks, clock, secret: secretOf(KEY) }).send(MESSAGE);
        expect(taken).toHaveLength(2);
      },
    ),
  );

  it('has failed after the second time', () =>
    withService([[503, '']], async ({ url, taken }) => {
      const channel = createPagerDutyChannel(url, { webhooks, clock, secret: secretOf(KEY) });
      await expect(channel.send(MESSAGE)).rejects.toThrow('HTTP status 503, tried twice');
      expect(taken).toHaveLength(2);
    }));

  it('is asked with the new key once the old one was refused', () =>
    withService(
      [
        [400, `{"errors":["${KEY}"]}`],
        [202, ''],
      ],
      async ({ url, taken }) => {
        const channel = createPagerDutyChannel(url, { webhooks, clock, secret: secretOf(KEY, 'the new one') });
        await expect(channel.send(MESSAGE)).rejects.toThrow(/^HTTP status 400$/);
        await channel.send(MESSAGE);
        expect(taken.map(({ routing_key: key }) => key)).toEqual([KEY, 'the new one']);
      },
    ));

  it('is not told what speaks of no operation', () =>
    withService([[202, '']], async ({ url, taken }) => {
      const review = reviewMessage({ config: exampleConfig, decision: decisionSample() });
      await createPagerDutyChannel(url, { webhooks, clock, secret: secretOf(KEY) }).send(review);
      expect(taken).toEqual([]);
    }));
});

describe('a chat over a real socket', () => {
  it('is sent a text at the secret URL', () =>
    withService([[200, 'ok']], async ({ url, taken }) => {
      const secret = secretOf(`${url}/hooks/T0/B0/S3CRET`);
      await createChatChannel({ webhooks, clock, secret }).send(MESSAGE);
      expect(taken).toMatchObject([
        { method: 'POST', path: '/hooks/T0/B0/S3CRET', text: expect.stringContaining('*[FAILOVER][STARTED]') },
      ]);
    }));

  it('that nobody listens for fails, and the reason does not tell the URL', async () => {
    const secret = secretOf(`http://127.0.0.1:${await closedPort()}/hooks/S3CRET`);
    const failing = createChatChannel({ webhooks, clock, secret }).send(MESSAGE);
    await expect(failing).rejects.toThrow(/ECONNREFUSED.*tried twice/);
    await failing.catch((error: Error) => expect(error.message).not.toContain('S3CRET'));
  });

  it.each(['no url at all S3CRET', 'http://chat.example:99999/S3CRET'])('keeps "%s" to itself', async (url) => {
    const failing = createChatChannel({ webhooks, clock, secret: secretOf(url) }).send(MESSAGE);
    const { message } = await failing.then(
      () => new Error('taken'),
      (error: Error) => error,
    );
    expect(message).toMatch(/tried twice/);
    expect(message).not.toContain('S3CRET');
  });

  it('keeps its URL to itself though the network repeats it', async () => {
    const url = 'https://chat.example/hooks/S3CRET';
    const telling: WebhookClient = { post: async () => ({ answered: false, reason: `cannot reach ${url}` }) };
    const failing = createChatChannel({ webhooks: telling, clock, secret: secretOf(url) }).send(MESSAGE);
    await expect(failing).rejects.toThrow('cannot reach [secret], tried twice');
  });
});

describe('a document that is posted', () => {
  it('is given up on in time', () =>
    withLoopbackHttp(
      () => undefined,
      async ({ url }) =>
        expect(await webhooks.post(url, {}, { timeoutMs: 50 })).toEqual({
          answered: false,
          reason: 'no answer within 50 ms',
        }),
    ));
});
