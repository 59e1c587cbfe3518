import { ResourceContentionFault } from '@aws-sdk/client-auto-scaling';
import { ServerException } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { scalingPort } from '../../adapters/aws/create-ports.ts';
import { createCustomScaling } from '../../adapters/aws/custom-scaling.ts';
import { isTransient } from '../../adapters/aws/translate-error.ts';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { ScaleTarget } from '../../core/config/scaling-section.ts';
import type { Scaling } from '../../core/ports.ts';
import type { TwinClock } from '../../twin/virtual-clock.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { inputFor } from '../_fixtures/preset-matrix.ts';
import { TOKYO } from '../_helpers/config.ts';
import { inVirtualTime } from '../_helpers/in-virtual-time.ts';

const size = { desired: 8, minimumPercent: 100 } as const;
const SERVICE: ScaleTarget = { kind: 'ecs-service', cluster: 'shop', service: 'api', ...size };
const GROUP: ScaleTarget = { kind: 'auto-scaling-group', name: 'workers', ...size };
const CUSTOM: ScaleTarget = { kind: 'custom', name: 'cart', function: 'scale-cart', ...size };
const MISSING: readonly ScaleTarget[] = [
  { ...SERVICE, service: 'gone' },
  { ...GROUP, name: 'gone' },
];
const GROWN_MS = 121_000;

/** What grows in Tokyo, a warm standby: a quarter of it runs. */
function withScaling<T>(run: (scaling: Scaling, world: World, clock: TwinClock) => Promise<T>): Promise<T> {
  const config = resolveConfig({ ...inputFor('warm-standby', 2), scaling: { targets: [SERVICE, GROUP, CUSTOM] } });
  return inVirtualTime((clock) => {
    const world = createWorld({ config, clock, seed: 1 });
    const clients = world.aws.clientsIn(TOKYO);
    return run(scalingPort({ config, deployment: TWIN_DEPLOYMENT, region: TOKYO, clients }), world, clock);
  });
}

describe.each([SERVICE, GROUP, CUSTOM])('what grows, $kind', (target) => {
  it('is asked for its full size, and comes up', () =>
    withScaling(async (scaling, _, clock) => {
      expect(await scaling.sizeOf(target)).toEqual({ desired: 2, running: 2 });
      await scaling.raise(target, 'op-1');
      expect(await scaling.sizeOf(target)).toEqual({ desired: 8, running: 2 });
      await clock.sleep(GROWN_MS);
      expect(await scaling.sizeOf(target)).toEqual({ desired: 8, running: 8 });
    }));
});

describe('an Auto Scaling group', () => {
  it('gets its greatest size raised where that is below what has to run, and only then', () =>
    withScaling(async (scaling, world, clock) => {
      await scaling.raise(GROUP, 'op-1');
      await scaling.raise({ ...GROUP, desired: 9 }, 'op-1');
      await clock.sleep(GROWN_MS);
      expect(await scaling.sizeOf(GROUP)).toEqual({ desired: 9, running: 9 });
      expect(world.aws.counts()['autoscaling:UpdateAutoScalingGroup']).toBe(2);
    }));
});

describe.each(MISSING)('what is not there, $kind', (target) => {
  it('is told with what to correct', () =>
    withScaling(async (scaling) => {
      await expect(scaling.sizeOf(target)).rejects.toMatchObject({
        code: 'SCALE_TARGET_MISSING',
        source: 'operator',
        message: expect.stringContaining('correct scaling.targets'),
      });
    }));
});

const PASSES = { name: 'TransientPlatformError', retryable: true };

describe('an error that AWS documents', () => {
  it('as one of the server may pass: ServerException, ResourceContentionFault', () => {
    const fault = { message: 'as documented', $metadata: {} };
    expect(isTransient(new ServerException(fault))).toBe(true);
    expect(isTransient(new ResourceContentionFault(fault))).toBe(true);
  });

  it.each([
    { operation: 'DescribeServices', error: 'ThrottlingException', passes: true },
    { operation: 'DescribeServices', error: 'ClusterNotFoundException', passes: false },
    { operation: 'DescribeServices', error: 'InvalidParameterException', passes: false },
    { operation: 'DescribeServices', error: 'AccessDeniedException', passes: false },
    { operation: 'DescribeServices', error: 'ClientException', passes: false },
  ])('of ecs:$operation ($error) may pass: $passes', ({ operation, error, passes }) =>
    withScaling(async (scaling, world) => {
      world.aws.setFault({ service: 'ecs', operation, answer: { error, message: 'as documented' } }, true);
      await expect(scaling.sizeOf(SERVICE)).rejects.toMatchObject(passes ? PASSES : { name: error });
    }),
  );

  it.each([
    'AccessDeniedException',
    'ClientException',
    'ClusterNotFoundException',
    'InvalidParameterException',
    'NamespaceNotFoundException',
    'PlatformTaskDefinitionIncompatibilityException',
    'PlatformUnknownException',
    'ServiceNotActiveException',
    'ServiceNotFoundException',
    'UnsupportedFeatureException',
  ])('of ecs:UpdateService (%s) keeps its name', (error) =>
    withScaling(async (scaling, world) => {
      const answer = { error, message: 'as documented' };
      world.aws.setFault({ service: 'ecs', operation: 'UpdateService', answer }, true);
      await expect(scaling.raise(SERVICE, 'op-1')).rejects.toMatchObject({ name: error });
    }),
  );

  it.each([
    { error: 'ResourceContention', passes: true },
    { error: 'ScalingActivityInProgress', passes: true },
    { error: 'ServiceLinkedRoleFailure', passes: false },
    { error: 'ValidationError', passes: false },
  ])('of autoscaling:UpdateAutoScalingGroup ($error) may pass: $passes', ({ error, passes }) =>
    withScaling(async (scaling, world) => {
      const answer = { error, message: 'as documented' };
      world.aws.setFault({ service: 'autoscaling', operation: 'UpdateAutoScalingGroup', answer }, true);
      await expect(scaling.raise(GROUP, 'op-1')).rejects.toMatchObject(passes ? PASSES : { name: error });
    }),
  );
});

describe("a function of the user's that scales", () => {
  const returning = (body: string) => createCustomScaling('shop', { call: async () => ({ answered: true, body }) });
  const target = CUSTOM as Extract<ScaleTarget, { kind: 'custom' }>;

  it.each(['', '[]', '{"desired":1}', '{"desired":1.5,"running":1}', '{"desired":-1,"running":0}'])(
    'that answers %j has said nothing of the size',
    async (body) => expect(returning(body).sizeOf(target)).rejects.toMatchObject(PASSES),
  );

  it.each(['', '{"accepted":"yes"}', '{"accepted":false}'])('that answers %j may have accepted', async (body) =>
    expect(returning(body).raise(target, 'op-1')).rejects.toMatchObject(PASSES),
  );

  it('may refuse, with its reason', () =>
    expect(returning('{"accepted":false,"reason":"no quota"}').raise(target, 'op-1')).rejects.toMatchObject({
      code: 'SCALING_REFUSED',
      message: 'function scale-cart refused to scale cart: no quota',
    }));
});
