import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customResourceHandler } from '../../adapters/aws/custom-resource-handler.ts';
import { lambdaHandler } from '../../adapters/aws/lambda-handler.ts';
import { SwitchyardError } from '../../core/errors.ts';
import storefront from '../../switchyard.config.ts';
import { startLoopbackServer } from '../_helpers/loopback-server.ts';

/** Beside a bundle lies its config; beside the source there is none. */
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  return {
    ...real,
    readFileSync: (...args: Parameters<typeof real.readFileSync>) =>
      String(args[0]).endsWith('adapters/aws/config.json') ? JSON.stringify(storefront) : real.readFileSync(...args),
  };
});

/** What a log must never hold, each a text of its own. */
const TASK_TOKEN = 'AQCEAAAAKgAAAAMA-task-token';
const REASON = 'a reason that an operator typed';
const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'key-id-of-the-role',
  AWS_SECRET_ACCESS_KEY: 'secret-key-of-the-role',
  AWS_SESSION_TOKEN: 'session-token-of-the-role',
};
const SIGNATURE = 'signature-of-cloudformation';
const FORBIDDEN = [TASK_TOKEN, REASON, SIGNATURE, ...Object.values(CREDENTIALS)];

const OPERATION = { operationId: 'operation-1', reason: REASON };
const INPUT = { operation: OPERATION, taskToken: TASK_TOKEN };
const CONTEXT = { functionName: 'request-approval', awsRequestId: 'request-1' } as Context;

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  const environment = { AWS_REGION: 'ap-northeast-1', SWITCHYARD_ACCOUNT: '123456789012', SWITCHYARD_PARTITION: 'aws' };
  // Powertools' own switches for logging whole events, and for its most talkative level.
  const talkative = { POWERTOOLS_LOG_LEVEL: 'TRACE', POWERTOOLS_LOGGER_LOG_EVENT: 'true', POWERTOOLS_DEV: 'true' };
  for (const [name, value] of Object.entries({ ...environment, ...talkative, ...CREDENTIALS })) vi.stubEnv(name, value);
  for (const method of ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const) {
    vi.spyOn(console, method).mockImplementation((...texts: unknown[]) => void lines.push(texts.map(String).join(' ')));
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function expectNoSecret(): void {
  const logged = lines.join('\n');
  expect(FORBIDDEN.filter((text) => logged.includes(text))).toEqual([]);
}

describe('what a function logs', () => {
  it('names the operation of a step that is done, and neither its input nor its output', async () => {
    const handler = lambdaHandler('request-approval', () => async (input: typeof INPUT) => ({ ...input, done: true }));
    await handler(INPUT, CONTEXT);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ message: 'done', operationId: 'operation-1' });
    expectNoSecret();
  });

  it.each([
    {
      what: 'an error of ours, with its facts and without its cause',
      error: new SwitchyardError('the table does not answer', {
        code: 'COORDINATION_UNREACHABLE',
        source: 'platform',
        context: { table: 'coordination' },
        cause: new Error(TASK_TOKEN),
      }),
      says: {
        error: 'SwitchyardError: the table does not answer',
        code: 'COORDINATION_UNREACHABLE',
        context: { table: 'coordination' },
      },
    },
    { what: 'any other error', error: new TypeError('no'), says: { error: 'TypeError: no' } },
  ])('tells of a failed step $what', async ({ error, says }) => {
    const handler = lambdaHandler('request-approval', () => async (_: typeof INPUT) => Promise.reject(error));
    await expect(handler(INPUT, CONTEXT)).rejects.toBe(error);
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ message: 'failed', operationId: 'operation-1', ...says });
    expectNoSecret();
  });

  it('keeps the signed address that answers CloudFormation to itself, even where it is not taken', async () => {
    await using server = await startLoopbackServer(() => ({ status: 403 }));
    const handler = customResourceHandler('ensure-weights', () => async () => undefined);
    const event = {
      RequestType: 'Create',
      ResponseURL: `${server.url}/?X-Amz-Signature=${SIGNATURE}`,
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Weights',
      ResourceType: 'Custom::LiveWeights',
      ServiceToken: 'arn',
      ResourceProperties: { ServiceToken: 'arn' },
    } as const;
    const refused = await handler(event, CONTEXT).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SwitchyardError);
    lines.push(String(refused), JSON.stringify(refused));
    expectNoSecret();
  });
});
