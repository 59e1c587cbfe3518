import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { loadBalancersPort } from '../../adapters/aws/create-ports.ts';
import { createLoadBalancers, type LoadBalancersSettings } from '../../adapters/aws/load-balancers.ts';
import type { Forwarder } from '../../core/config/load-balancers.ts';
import type { LoadBalancers } from '../../core/ports.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { APP_IN_TOKYO, BESIDE, DIALS, ELSEWHERE, LISTENER, LOAD_BALANCERS, RULE } from '../_fixtures/load-balancers.ts';
import { passiveInput, SINGAPORE, TOKYO, testConfig } from '../_helpers/config.ts';
import { inVirtualTime } from '../_helpers/in-virtual-time.ts';

const listener = { kind: 'listener', arn: LISTENER, weights: {} } as const satisfies Forwarder;
const rule = { kind: 'rule', arn: RULE, weights: {} } as const satisfies Forwarder;

function withLoadBalancers<T>(run: (balancers: LoadBalancers, world: World) => Promise<T>): Promise<T> {
  const config = testConfig(passiveInput({ loadBalancers: LOAD_BALANCERS }));
  return inVirtualTime((clock) => {
    const world = createWorld({ config, clock, seed: 1 });
    const clients = world.aws.clientsIn(TOKYO);
    return run(loadBalancersPort({ config, deployment: TWIN_DEPLOYMENT, region: TOKYO, clients }), world);
  });
}

describe('weights and dials', () => {
  it('are written where they differ, and not again', () =>
    withLoadBalancers(async (balancers, world) => {
      const weights = { [BESIDE]: 0, [ELSEWHERE]: 100 };
      expect(await balancers.setWeights(listener, weights)).toBe('changed');
      expect(await balancers.setWeights(listener, weights)).toBe('unchanged');
      expect(await balancers.setWeights(rule, { [APP_IN_TOKYO]: 1 })).toBe('changed');
      expect(await balancers.setDial(DIALS[TOKYO], 100)).toBe('changed');
      expect(await balancers.setDial(DIALS[TOKYO], 100)).toBe('unchanged');
      expect(await balancers.setDial(DIALS[SINGAPORE], 100)).toBe('unchanged');
      expect(world.aws.counts()).toMatchObject({
        'elasticloadbalancing:ModifyListener': 1,
        'elasticloadbalancing:ModifyRule': 1,
        'globalaccelerator:UpdateEndpointGroup': 1,
      });
    }));

  it.each([
    ['elasticloadbalancing', 'DescribeListeners', 'ListenerNotFoundException'],
    ['elasticloadbalancing', 'ModifyListener', 'TargetGroupNotFoundException'],
    ['elasticloadbalancing', 'ModifyListener', 'TargetGroupAssociationLimitException'],
    ['elasticloadbalancing', 'ModifyListener', 'InvalidLoadBalancerActionException'],
  ])('%s:%s says %s by its name', (service, operation, error) =>
    withLoadBalancers(async (balancers, world) => {
      world.aws.setFault({ service, operation, answer: { error, message: 'as documented' } }, true);
      await expect(balancers.setWeights(listener, { [ELSEWHERE]: 1 })).rejects.toMatchObject({ name: error });
    }),
  );

  it.each([
    'EndpointGroupNotFoundException',
    'InvalidArgumentException',
    'LimitExceededException',
    'AccessDeniedException',
  ])('globalaccelerator:UpdateEndpointGroup says %s by its name', (error) =>
    withLoadBalancers(async (balancers, world) => {
      const answer = { error, message: 'as documented' };
      world.aws.setFault({ service: 'globalaccelerator', operation: 'UpdateEndpointGroup', answer }, true);
      await expect(balancers.setDial(DIALS[TOKYO], 100)).rejects.toMatchObject({ name: error });
    }),
  );

  it('of an accelerator wait for no control plane that is down', () =>
    withLoadBalancers(async (balancers, world) => {
      world.network.failControlPlanes(true);
      await expect(balancers.setDial(DIALS[TOKYO], 100)).rejects.toMatchObject({ name: 'TransientPlatformError' });
      expect(await balancers.setWeights(rule, { [APP_IN_TOKYO]: 1 })).toBe('changed');
    }));
});

/** Sets weights over actions, and gives those that were written. */
async function written(DefaultActions: Action[]): Promise<readonly Action[]> {
  const sent: Action[][] = [];
  const elb = {
    send: async ({ input }: { input: { DefaultActions?: Action[] } }) => {
      if (input.DefaultActions !== undefined) sent.push(input.DefaultActions);
      return { Listeners: [{ DefaultActions }] };
    },
  };
  const settings = { elbFor: () => elb, accelerator: undefined } as unknown as LoadBalancersSettings;
  await createLoadBalancers(settings).setWeights(listener, { [BESIDE]: 1, [ELSEWHERE]: 3 });
  return sent[0] ?? [];
}

const GROUPS = [
  { TargetGroupArn: BESIDE, Weight: 1 },
  { TargetGroupArn: ELSEWHERE, Weight: 3 },
];

describe('a forward action', () => {
  it('keeps its stickiness, and gives up its short form', async () => {
    const TargetGroupStickinessConfig = { Enabled: true, DurationSeconds: 60 };
    const ForwardConfig = { TargetGroups: [{ TargetGroupArn: BESIDE }], TargetGroupStickinessConfig };
    expect(await written([{ Type: 'forward', Order: 1, TargetGroupArn: BESIDE, ForwardConfig }])).toEqual([
      { Type: 'forward', Order: 1, ForwardConfig: { TargetGroups: GROUPS, TargetGroupStickinessConfig } },
    ]);
  });

  it('leaves the sign-in before it as it is, with its secret', async () => {
    const AuthenticateOidcConfig = {
      ...{ Issuer: 'https://id.example', AuthorizationEndpoint: 'https://id.example/a', ClientId: 'shop' },
      ...{ TokenEndpoint: 'https://id.example/t', UserInfoEndpoint: 'https://id.example/u' },
    };
    const signIn: Action = { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig };
    expect(await written([signIn, { Type: 'forward', Order: 2, TargetGroupArn: BESIDE }])).toEqual([
      { ...signIn, AuthenticateOidcConfig: { ...AuthenticateOidcConfig, UseExistingClientSecret: true } },
      { Type: 'forward', Order: 2, ForwardConfig: { TargetGroups: GROUPS } },
    ]);
  });

  it('that is not there is told', () =>
    expect(written([{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503' } }])).rejects.toMatchObject({
      code: 'NO_FORWARD_ACTION',
      source: 'operator',
    }));
});
