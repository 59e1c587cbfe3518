import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CALL_LIMITS,
  cloudFormationClient,
  cloudWatchClient,
  dynamoDbClient,
  FUNCTION_LIMITS,
  lambdaClient,
  ONCE_LIMITS,
  rdsClient,
  rdsPromotionClient,
  route53Client,
  s3Client,
  snsClient,
  ssmClient,
  stepFunctionsClient,
} from '../../adapters/aws/clients.ts';
import { isTransient } from '../../adapters/aws/translate-error.ts';
import { STEP_LIMITS } from '../../state-machines/contracts.ts';
import exampleConfig from '../../switchyard.config.ts';
import { createWorld } from '../../twin/world/world.ts';
import { SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';
import { inVirtualTime, timed } from '../_helpers/in-virtual-time.ts';
import { closedPort, withLoopbackHttp } from '../_helpers/loopback-http.ts';

const QUESTION = new GetParameterCommand({ Name: '/switchyard/storefront/weights/any' });
/** The SDK's pause between two attempts, at most. */
const LONGEST_PAUSE_MS = 300;

describe('a call to a Region that does not answer', () => {
  it.each([
    ['dark', CALL_LIMITS.connectionTimeoutMs],
    ['cut off from the caller', CALL_LIMITS.connectionTimeoutMs],
    ['without its control plane', CALL_LIMITS.requestTimeoutMs],
  ])('takes two deadlines where it is %s', (how, deadlineMs) =>
    inVirtualTime(async (clock) => {
      const { network, aws } = createWorld({ config: exampleConfig, clock, seed: 1 });
      const region = how === 'without its control plane' ? 'us-east-1' : SINGAPORE;
      if (how === 'dark') network.setDark(SINGAPORE, true);
      if (how === 'cut off from the caller') network.setCut(SINGAPORE, TOKYO, true);
      if (how === 'without its control plane') network.failControlPlanes(true);
      const client = ssmClient(region, aws.clientsIn(TOKYO));
      const { result, tookMs } = await timed(clock, () => client.send(QUESTION));
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'TimeoutError' } });
      expect(tookMs).toBeGreaterThanOrEqual(2 * deadlineMs);
      expect(tookMs).toBeLessThan(2 * deadlineMs + LONGEST_PAUSE_MS);
      expect(aws.counts()['ssm:GetParameter']).toBe(CALL_LIMITS.maxAttempts);
    }),
  );

  it('takes effect though its caller goes dark before the answer, which then never comes', () =>
    inVirtualTime(async (clock) => {
      const { network, aws } = createWorld({ config: exampleConfig, clock, seed: 1 });
      const write = new PutParameterCommand({ Name: '/any', Value: '7', Type: 'String', Overwrite: true });
      const call = ssmClient(TOKYO, aws.clientsIn(SINGAPORE)).send(write);
      setTimeout(() => network.setDark(SINGAPORE, true), 1);
      await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
      const read = await ssmClient(TOKYO, aws.clientsIn(TOKYO)).send(new GetParameterCommand({ Name: '/any' }));
      expect(read.Parameter).toMatchObject({ Value: '7', Version: 1 });
    }));
});

describe('a command that the twin does not know', () => {
  it('is named, at once and without a second attempt', () =>
    inVirtualTime(async (clock) => {
      const { aws } = createWorld({ config: exampleConfig, clock, seed: 1 });
      const client = dynamoDbClient(TOKYO, aws.clientsIn(TOKYO));
      const { result, tookMs } = await timed(clock, () => client.send(new DescribeTableCommand({ TableName: 'any' })));
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'TWIN_UNKNOWN_COMMAND', message: 'the twin does not know dynamodb:DescribeTable' },
      });
      expect(tookMs).toBe(0);
    }));
});

describe('every client', () => {
  it.each([
    ['dynamodb', () => dynamoDbClient(TOKYO)],
    ['s3', () => s3Client(TOKYO)],
    ['route53', () => route53Client()],
    ['cloudwatch', () => cloudWatchClient(TOKYO)],
    ['rds', () => rdsClient(TOKYO)],
    ['sns', () => snsClient(TOKYO)],
    ['states', () => stepFunctionsClient(TOKYO)],
    ['ssm', () => ssmClient(TOKYO)],
    ['cloudformation', () => cloudFormationClient(TOKYO)],
  ])('of %s tries twice and calls its own Region', async (service, create) => {
    const { config } = create();
    expect(await config.maxAttempts()).toBe(2);
    expect(await config.region()).toBe(service === 'route53' ? 'us-east-1' : TOKYO);
  });
});

describe('the client of promotions', () => {
  it('tries once, longer than others and shorter than its step', async () => {
    const { config } = rdsPromotionClient(TOKYO);
    expect(await config.maxAttempts()).toBe(1);
    expect(await config.region()).toBe(TOKYO);
    expect(ONCE_LIMITS.requestTimeoutMs).toBeGreaterThan(CALL_LIMITS.requestTimeoutMs);
    expect(ONCE_LIMITS.requestTimeoutMs).toBeLessThan(STEP_LIMITS['start-promotion'].timeoutSeconds * 1000);
  });
});

describe("the client of users' functions", () => {
  it('tries once, for as long as any check may take', async () => {
    const { config } = lambdaClient(TOKYO);
    expect(await config.maxAttempts()).toBe(1);
    expect(await config.region()).toBe(TOKYO);
    expect(FUNCTION_LIMITS.requestTimeoutMs).toBe(60_000);
  });
});

describe('a real client at a real socket', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it('gives up on a peer that takes the request and never answers, twice', () =>
    withLoopbackHttp(
      () => undefined,
      async ({ url, received, requests }) => {
        vi.stubEnv('AWS_ENDPOINT_URL_SSM', url);
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
        const client = ssmClient(TOKYO);
        let settled = false;
        const call = client.send(QUESTION).finally(() => {
          settled = true;
        });
        call.catch(() => undefined);
        await received(1);
        await vi.advanceTimersByTimeAsync(CALL_LIMITS.requestTimeoutMs - 100);
        expect([settled, requests.length]).toEqual([false, 1]);
        await vi.advanceTimersByTimeAsync(100 + LONGEST_PAUSE_MS);
        await received(2);
        await vi.advanceTimersByTimeAsync(CALL_LIMITS.requestTimeoutMs + LONGEST_PAUSE_MS);
        await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
        expect(requests).toHaveLength(2);
        client.destroy();
      },
    ));

  it('says of a peer that refuses the connection that another may do', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SSM', `http://127.0.0.1:${await closedPort()}`);
    const client = ssmClient(TOKYO);
    const error = await client.send(QUESTION).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(isTransient(error)).toBe(true);
    client.destroy();
  });
});
