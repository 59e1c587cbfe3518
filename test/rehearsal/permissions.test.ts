import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { FunctionName } from '../../lib/functions.ts';
import { grantsOf } from '../../lib/permissions/function-grants.ts';
import { resourcesOf } from '../../lib/permissions/grant.ts';
import storefront from '../../switchyard.config.ts';
import type { AwsCall } from '../../twin/aws/aws-world.ts';
import { runScenario } from '../../twin/scenarios/run-scenario.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { TWIN_DEPLOYMENT } from '../../twin/world/world.ts';
import { LOAD_BALANCERS } from '../_fixtures/load-balancers.ts';
import { inputFor } from '../_fixtures/preset-matrix.ts';
import { passiveInput, testConfig } from '../_helpers/config.ts';
import { authorizationOf, covers } from '../_helpers/iam-match.ts';

const calls: MadeCall[] = [];
const running = new AsyncLocalStorage<FunctionName>();

vi.mock('../../twin/lambda-runtime.ts', async (original) => {
  const real = await original<typeof import('../../twin/lambda-runtime.ts')>();
  return {
    ...real,
    createLambdaRuntime: (settings: Parameters<typeof real.createLambdaRuntime>[0]) => {
      const runtime = real.createLambdaRuntime(settings);
      const { invoke } = runtime;
      return {
        ...runtime,
        invoke: (...call: Parameters<typeof invoke>) => running.run(call[1], () => invoke(...call)),
      };
    },
  };
});

vi.mock('../../twin/aws/aws-world.ts', async (original) => {
  const real = await original<typeof import('../../twin/aws/aws-world.ts')>();
  type Settings = Parameters<typeof real.createAwsWorld>[0];
  const recorded = (handlers: Settings['services'][string]) =>
    Object.fromEntries(
      Object.entries(handlers).map(([operation, handle]) => [
        operation,
        (input: never, call: AwsCall) => {
          const name = running.getStore();
          if (name !== undefined) calls.push({ name, call });
          return handle(input, call);
        },
      ]),
    );
  return {
    ...real,
    createAwsWorld: (settings: Settings) =>
      real.createAwsWorld({
        ...settings,
        services: Object.fromEntries(Object.entries(settings.services).map(([name, of]) => [name, recorded(of)])),
      }),
  };
});

describe('the roles', () => {
  it.each(['region-outage', 'control-plane-outage', 'promotion-fails'])(
    'allow every call that a function makes in the rehearsal of %s',
    async (name) => {
      calls.length = 0;
      const file = new URL(`../../twin/scenarios/${name}.json`, import.meta.url);
      await runScenario({ scenario: JSON.parse(readFileSync(file, 'utf8')) as Scenario, config: storefront, seed: 1 });
      expect(calls.length).toBeGreaterThan(100);
      expect([...new Set(calls.filter((made) => !isAllowed(made)).map(describeCall))]).toEqual([]);
    },
  );

  it('allow what it takes to tell people by every channel', async () => {
    calls.length = 0;
    const notify = {
      pagerDuty: { routingKey: { secret: 'storefront/pagerduty' } },
      chat: { webhookUrl: { parameter: '/storefront/chat' } },
    };
    const config = resolveConfig({ ...storefront, notify });
    const file = new URL('../../twin/scenarios/promotion-fails.json', import.meta.url);
    await runScenario({ scenario: JSON.parse(readFileSync(file, 'utf8')) as Scenario, config, seed: 1 });
    const reads = calls.filter(({ call }) => call.service === 'ssm' && call.operation === 'GetParameter');
    expect(new Set(reads.map(({ name }) => name))).toEqual(new Set(['send-notification']));
    expect(reads.filter((made) => !isAllowed(made, config)).map(describeCall)).toEqual([]);
  });
});

const SCALED = [
  { kind: 'ecs-service', cluster: 'shop', service: 'api', desired: 4 },
  { kind: 'auto-scaling-group', name: 'workers', desired: 2 },
  { kind: 'custom', name: 'cart', function: 'scale-cart', desired: 2 },
] as const;
const parity = { blobs: [{ name: 'media', bucket: 'media-{region}', prefix: 'img/' }] };
const failover = { fenceHooks: [{ name: 'batches', function: 'stop-batches' }] };
const targets = { regionFailureSeconds: 900, databaseFailureSeconds: 900 };
const CHANGED: readonly { readonly what: string; readonly config: ResolvedConfig }[] = [
  {
    what: 'a read replica',
    config: testConfig(passiveInput({ targets, data: { adapter: 'rds-replica', instance: 'shop' } })),
  },
  {
    what: 'a global table, hooks and buckets that are compared',
    config: testConfig(passiveInput({ failover, data: { adapter: 'dynamodb-global', table: 'shop' }, parity })),
  },
  {
    what: 'a data tier of functions',
    config: testConfig(passiveInput({ targets, data: { adapter: 'custom', function: 'shop-data' } })),
  },
  {
    what: 'a standby that grows, behind load balancers',
    config: resolveConfig({
      ...inputFor('warm-standby', 2),
      scaling: { targets: [...SCALED] },
      loadBalancers: LOAD_BALANCERS,
    }),
  },
];

describe('the roles for another config', () => {
  it.each(CHANGED)('allow every call that a function makes with $what', async ({ config }) => {
    calls.length = 0;
    const file = new URL('../../twin/scenarios/region-outage.json', import.meta.url);
    const scenario = { ...(JSON.parse(readFileSync(file, 'utf8')) as Scenario), actions: [], untilSeconds: 1500 };
    const { failover: end } = await runScenario({ scenario, config, seed: 1 });
    expect(end.status).toBe('SUCCEEDED');
    expect([...new Set(calls.filter((made) => !isAllowed(made, config)).map(describeCall))]).toEqual([]);
  });
});

interface MadeCall {
  readonly name: FunctionName;
  readonly call: AwsCall;
}

function isAllowed({ name, call }: MadeCall, config: ResolvedConfig = storefront): boolean {
  const { action, resource } = authorizationOf(call, TWIN_DEPLOYMENT.account);
  const site = {
    config,
    deployment: TWIN_DEPLOYMENT,
    region: call.from,
    topicKeyArn: 'arn:aws:kms:::key/1',
  };
  return grantsOf(name, site).some(
    (grant) => grant.actions.includes(action) && resourcesOf(grant).some((pattern) => covers(pattern, resource)),
  );
}

function describeCall({ name, call }: MadeCall): string {
  const { action, resource } = authorizationOf(call, TWIN_DEPLOYMENT.account);
  return `${name} in ${call.from}: ${action} on ${resource}`;
}
