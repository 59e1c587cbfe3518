import type { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FUNCTION_LIMITS, lambdaClient } from '../../adapters/aws/clients.ts';
import { functionsPort } from '../../adapters/aws/create-ports.ts';
import { createLambdaFunctions } from '../../adapters/aws/lambda-functions.ts';
import exampleConfig from '../../switchyard.config.ts';
import { createWorld, TWIN_DEPLOYMENT } from '../../twin/world/world.ts';
import { SINGAPORE, TOKYO } from '../_helpers/config.ts';
import { inVirtualTime, timed } from '../_helpers/in-virtual-time.ts';
import { withLoopbackHttp } from '../_helpers/loopback-http.ts';
import { startLoopbackServer } from '../_helpers/loopback-server.ts';

const QUESTION = { application: 'storefront', subject: SINGAPORE, check: 'checkout' };

describe('a function of the user, in the world of the twin', () => {
  it.each([
    { what: 'passes while the Region answers', dark: false, said: { status: 'passed' } },
    {
      what: 'fails once it does not',
      dark: true,
      said: { status: 'failed', reason: `${SINGAPORE} does not answer` },
    },
  ])('$what', ({ dark, said }) =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: exampleConfig, clock, seed: 1 });
      world.network.setDark(SINGAPORE, dark);
      const clients = world.aws.clientsIn(TOKYO);
      const caller = functionsPort({ config: exampleConfig, deployment: TWIN_DEPLOYMENT, region: TOKYO, clients });
      const answer = await caller.call('smoke-test', QUESTION, 5_000);
      expect(answer.answered && JSON.parse(answer.body)).toEqual(said);
    }),
  );

  it('is not waited for longer than the timeout', () =>
    inVirtualTime(async (clock) => {
      const world = createWorld({ config: exampleConfig, clock, seed: 1 });
      world.aws.setFault({ service: 'lambda', operation: 'Invoke', answer: 'lost' }, true);
      const caller = createLambdaFunctions(lambdaClient(TOKYO, world.aws.clientsIn(TOKYO)));
      const { result, tookMs } = await timed(clock, () => caller.call('smoke-test', QUESTION, 3_000));
      expect(result).toMatchObject({
        value: { answered: false, reason: 'smoke-test: Error: no answer within 3000 ms' },
      });
      expect(tookMs).toBe(3_000);
    }));
});

describe('a function of the user, over a real socket', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  afterEach(() => vi.unstubAllEnvs());

  const call = async (url: string, timeoutMs = 2_000) => {
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', url);
    const client: LambdaClient = lambdaClient(TOKYO);
    try {
      return await createLambdaFunctions(client).call('smoke-test:live', QUESTION, timeoutMs);
    } finally {
      client.destroy();
    }
  };

  it('is asked about the Region, and its answer is given as it is', async () => {
    await using server = await startLoopbackServer(() => ({ status: 200, body: '{"status":"passed"}' }));
    expect(await call(server.url)).toEqual({ answered: true, body: '{"status":"passed"}' });
    expect(server.received).toMatchObject([
      { method: 'POST', url: '/2015-03-31/functions/smoke-test%3Alive/invocations', body: JSON.stringify(QUESTION) },
    ]);
  });

  it('that fails by itself is named with its error', async () => {
    const headers = { 'X-Amz-Function-Error': 'Unhandled' };
    const body = '{"errorType":"TypeError","errorMessage":"no"}';
    await using server = await startLoopbackServer(() => ({ status: 200, headers, body }));
    expect(await call(server.url)).toEqual({ answered: false, reason: `smoke-test:live failed: ${body}` });
  });

  it('that is not there, or may not be called, says so after one attempt', async () => {
    const headers = { 'X-Amzn-ErrorType': 'ResourceNotFoundException' };
    await using server = await startLoopbackServer(() => ({ status: 404, headers, body: '{"Message":"not found"}' }));
    expect(await call(server.url)).toEqual({
      answered: false,
      reason: expect.stringContaining('smoke-test:live: ResourceNotFoundException'),
    });
    expect(server.received).toHaveLength(FUNCTION_LIMITS.maxAttempts);
  });

  it('is given up at the timeout, and the request with it', () =>
    withLoopbackHttp(
      () => undefined,
      async ({ url }) => {
        expect(await call(url, 100)).toEqual({
          answered: false,
          reason: 'smoke-test:live: Error: no answer within 100 ms',
        });
      },
    ));
});
