import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cloudFormationClient, ssmClient } from '../../adapters/aws/clients.ts';
import { createStackReader } from '../../adapters/aws/cloudformation-stacks.ts';
import { coordinationPort, statePort } from '../../adapters/aws/create-ports.ts';
import { createParameterReader } from '../../adapters/aws/ssm-parameters.ts';
import { initialState } from '../../core/operation/application-state.ts';
import exampleConfig from '../../switchyard.config.ts';
import { TWIN_DEPLOYMENT } from '../../twin/world/world.ts';
import { TOKYO } from '../_helpers/coordination-samples.ts';
import { withDynalite } from '../_helpers/dynalite.ts';
import { startLoopbackServer } from '../_helpers/loopback-server.ts';

const STACK = 'arn:aws:cloudformation:ap-northeast-1:111122223333:stack/switchyard-storefront-routing/1';

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => vi.unstubAllEnvs());

/** An answer of CloudFormation's query protocol. */
const described = (stacks: string): string =>
  `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${stacks}</Stacks></DescribeStacksResult></DescribeStacksResponse>`;

describe('the status of a stack', () => {
  it('is asked for by the id of the stack, and given as it is', async () => {
    const member = '<member><StackName>any</StackName><StackStatus>UPDATE_ROLLBACK_IN_PROGRESS</StackStatus></member>';
    await using server = await startLoopbackServer(() => ({ status: 200, body: described(member) }));
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', server.url);
    expect(await createStackReader(cloudFormationClient(TOKYO)).status(STACK)).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
    const [request] = server.received;
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
      Action: 'DescribeStacks',
      StackName: STACK,
    });
  });

  it('is empty where there is none', async () => {
    await using server = await startLoopbackServer(() => ({ status: 200, body: described('') }));
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', server.url);
    expect(await createStackReader(cloudFormationClient(TOKYO)).status(STACK)).toBe('');
  });

  it('may be asked for again where CloudFormation does not answer', async () => {
    await using server = await startLoopbackServer(() => ({ status: 503 }));
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', server.url);
    await expect(createStackReader(cloudFormationClient(TOKYO)).status(STACK)).rejects.toMatchObject({
      name: 'TransientPlatformError',
      retryable: true,
    });
  });
});

describe('parameters', () => {
  it('are read ten at a time, which is what a request may hold; those that are missing are left out', async () => {
    await using server = await startLoopbackServer(({ body }) => {
      const { Names } = JSON.parse(body) as { Names: string[] };
      const Parameters = Names.filter((name) => name !== '/p/3').map((Name) => ({ Name, Value: Name.slice(3) }));
      return { status: 200, body: JSON.stringify({ Parameters }) };
    });
    vi.stubEnv('AWS_ENDPOINT_URL_SSM', server.url);
    const wanted = Array.from({ length: 11 }, (_, index) => `/p/${index}`);
    const values = await createParameterReader(ssmClient(TOKYO)).read(wanted);
    expect(server.received.map(({ body }) => JSON.parse(body).Names.length)).toEqual([10, 1]);
    expect([...values.keys()]).toEqual(wanted.filter((name) => name !== '/p/3'));
    expect(values.get('/p/10')).toBe('10');
  });
});

describe('the state as it is read without writing', () => {
  const environment = { config: exampleConfig, deployment: TWIN_DEPLOYMENT, region: TOKYO };

  it('is none, and stays none, where nobody has written one', () =>
    withDynalite(exampleConfig, async () => {
      const reader = statePort(environment);
      expect(await reader.find()).toBeUndefined();
      expect(await reader.find()).toBeUndefined();
    }));

  it('is the one that operations work on', () =>
    withDynalite(exampleConfig, async () => {
      await coordinationPort(environment).readState();
      expect(await statePort(environment).find()).toMatchObject(initialState(exampleConfig));
    }));
});
