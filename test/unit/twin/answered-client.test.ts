import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { CALL_LIMITS, dynamoDbClient } from '../../../adapters/aws/clients.ts';
import { answerCalls, type Middleware, shortenCalls } from '../../../twin/aws/answered-client.ts';
import { primeClients } from '../../../twin/aws/prime-clients.ts';

beforeAll(primeClients);

/** A client whose calls the middleware answers, by the whole stack of the SDK or the short one. */
function clientWith(answer: Middleware, short: boolean) {
  return dynamoDbClient('ap-southeast-1', {
    instrument: (client) => {
      answerCalls(client, answer);
      if (short) shortenCalls(client);
    },
  });
}

/** Turns of promises until a call is seen, and until it is over. */
async function turnsOf(short: boolean): Promise<{ readonly seen: number; readonly over: number }> {
  let turns = 0;
  let seen = 0;
  let counting = true;
  const client = clientWith(
    () => async () => {
      seen = turns;
      return { response: {}, output: { $metadata: {} } };
    },
    short,
  );
  const read = () => client.send(new GetCommand({ TableName: 'table', Key: { item: 'state' } }));
  // The first call of a client also resolves its settings.
  await read();
  const count = (): void => {
    turns++;
    if (counting) queueMicrotask(count);
  };
  const reading = read();
  turns = 0;
  queueMicrotask(count);
  await reading;
  counting = false;
  return { seen, over: turns };
}

describe('a shortened client', () => {
  it('marshals each command by itself, though the order of its middlewares is kept', async () => {
    const inputs: unknown[] = [];
    const client = clientWith(
      (_next, { commandName }) =>
        async ({ input }) => {
          inputs.push([commandName, input]);
          return { response: {}, output: { $metadata: {} } };
        },
      true,
    );
    await client.send(new GetCommand({ TableName: 'table', Key: { item: 'first' } }));
    await client.send(new GetCommand({ TableName: 'table', Key: { item: 'second' } }));
    await client.send(new UpdateCommand({ TableName: 'table', Key: { item: 'third' } }));
    expect(inputs).toEqual([
      ['GetItemCommand', { TableName: 'table', Key: { item: { S: 'first' } } }],
      ['GetItemCommand', { TableName: 'table', Key: { item: { S: 'second' } } }],
      ['UpdateItemCommand', { TableName: 'table', Key: { item: { S: 'third' } } }],
    ]);
  });

  it('tries again as the SDK does', async () => {
    let calls = 0;
    const client = clientWith(
      () => async () => {
        calls++;
        throw Object.assign(new Error('not now'), { name: 'TimeoutError', $metadata: {} });
      },
      true,
    );
    const reading = client.send(new GetCommand({ TableName: 'table', Key: { item: 'state' } }));
    await expect(reading).rejects.toThrow('not now');
    expect(calls).toBe(CALL_LIMITS.maxAttempts);
  });

  it('takes as many turns of promises as the whole stack, so that a seed gives the same run', async () => {
    expect(await turnsOf(true)).toEqual(await turnsOf(false));
  });
});
