import { describe, expect, it } from 'vitest';
import { evacuationPort } from '../../adapters/aws/create-ports.ts';
import { resolveConfig } from '../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { EvacuationSwitch } from '../../core/ports.ts';
import exampleConfig from '../../switchyard.config.ts';
import type { ApiFault } from '../../twin/aws/aws-world.ts';
import type { TwinClock } from '../../twin/virtual-clock.ts';
import { startAlarms } from '../../twin/world/alarms.ts';
import { DNS_LOCATIONS } from '../../twin/world/dns.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';
import { inVirtualTime, timed } from '../_helpers/in-virtual-time.ts';

const ENDPOINTS = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2'];
const control = (last: number): string =>
  `arn:aws:route53-recovery-control::111122223333:controlpanel/0a/routingcontrol/0${last}`;
const { guardians } = exampleConfig.evacuation;

const BY_METRIC = resolveConfig({ ...exampleConfig, evacuation: { kind: 'cloudwatch', guardians } });
const BY_CONTROL = resolveConfig({
  ...exampleConfig,
  evacuation: {
    kind: 'arc',
    guardians,
    routingControls: {
      endpoints: ENDPOINTS.map((region) => ({ region, url: `https://${region}.cluster.example` })),
      controls: { [SINGAPORE]: control(1), [TOKYO]: control(2) },
    },
  },
});

interface Switching {
  readonly world: World;
  readonly held: EvacuationSwitch;
  faulty(fault: ApiFault): void;
  /** Whether Route 53 lets the Region serve, after it has had time to see the switch. */
  serves(region: string): Promise<boolean>;
}

/** The switch as Tokyo's functions see it, on the API of a world; endpoints are tried in the order they are named. */
function withSwitch<T>(
  config: ResolvedConfig,
  run: (switching: Switching, clock: TwinClock) => Promise<T>,
): Promise<T> {
  return inVirtualTime((clock) => {
    const world = createWorld({ config, clock, seed: 1 });
    startAlarms(world);
    const environment = { config, deployment: TWIN_DEPLOYMENT, region: TOKYO, clients: world.aws.clientsIn(TOKYO) };
    return run(
      {
        world,
        held: evacuationPort(environment, () => 0.999),
        faulty: (fault) => world.aws.setFault(fault, true),
        serves: async (region) => {
          await clock.sleep(130_000);
          return world.route53.isHealthy(DNS_LOCATIONS[0] ?? '', `serving-${region}`);
        },
      },
      clock,
    );
  });
}

describe.each([
  { kind: 's3', config: exampleConfig },
  { kind: 'cloudwatch', config: BY_METRIC },
  { kind: 'arc', config: BY_CONTROL },
])('the switch $kind', ({ config }) => {
  it('takes a Region out and lets it in again, however often it is asked', () =>
    withSwitch(config, async ({ held, serves }) => {
      expect(await serves(SINGAPORE)).toBe(true);
      for (let time = 0; time < 2; time++)
        expect((await held.evacuate(SINGAPORE, 1)).every(({ done }) => done)).toBe(true);
      expect(await serves(SINGAPORE)).toBe(false);
      expect(await serves(TOKYO)).toBe(true);
      for (let time = 0; time < 2; time++)
        expect((await held.admit(SINGAPORE, 1)).every(({ done }) => done)).toBe(true);
      expect(await serves(SINGAPORE)).toBe(true);
    }));

  it('keeps a Region out for as long as nobody lets it in, without being set again', () =>
    withSwitch(config, async ({ held, serves }, clock) => {
      await held.evacuate(SINGAPORE, 1);
      await clock.sleep(3_600_000);
      expect(await serves(SINGAPORE)).toBe(false);
    }));

  it('needs no control plane, and nothing of the Region that is left', () =>
    withSwitch(config, async ({ world, held, serves }) => {
      world.network.failControlPlanes(true);
      world.network.setDark(SINGAPORE, true);
      expect((await held.evacuate(SINGAPORE, 1)).some(({ done }) => done)).toBe(true);
      expect(await serves(SINGAPORE)).toBe(false);
    }));
});

describe.each([
  { kind: 's3', config: exampleConfig },
  { kind: 'cloudwatch', config: BY_METRIC },
])('the switch $kind with a guardian that is spared', ({ config }) => {
  it('keeps the Region out, and lets it in again though that guardian is cut off by then', () =>
    withSwitch(config, async ({ world, held, serves }, clock) => {
      await held.evacuate(SINGAPORE, 1);
      await clock.sleep(60_000);
      expect((await held.evacuate(SINGAPORE, 1, SEOUL)).every(({ done }) => done)).toBe(true);
      expect(await serves(SINGAPORE)).toBe(false);
      world.network.setCutOff(SEOUL, true);
      await held.admit(SINGAPORE, 1);
      expect(await serves(SINGAPORE)).toBe(true);
    }));

  it('has that guardian hold it too while no other one does', () =>
    withSwitch(config, async ({ world, held, serves }) => {
      world.network.setCutOff(SEOUL, true);
      const outcomes = await held.evacuate(SINGAPORE, 1, TOKYO);
      expect(outcomes.filter(({ done }) => done).map(({ guardian }) => guardian)).toEqual([TOKYO]);
      expect(await serves(SINGAPORE)).toBe(false);
    }));
});

describe('the switch cloudwatch', () => {
  it('holds with one guardian, and says of the other why it did not', () =>
    withSwitch(BY_METRIC, async ({ world, held, serves }) => {
      world.network.setDark(SEOUL, true);
      expect(await held.evacuate(SINGAPORE, 1)).toMatchObject(
        [
          { guardian: TOKYO, done: true },
          { guardian: SEOUL, done: false, reason: /^TimeoutError/ },
        ].map((each) => ({ ...each, ...('reason' in each ? { reason: expect.stringMatching(/^TimeoutError/) } : {}) })),
      );
      expect(await serves(SINGAPORE)).toBe(false);
    }));

  it('keeps what it was where a guardian is lost: nobody is let in, nobody taken out', () =>
    withSwitch(BY_METRIC, async ({ world, held, serves }) => {
      await held.evacuate(SINGAPORE, 1);
      expect(await serves(SINGAPORE)).toBe(false);
      world.network.setDark(SEOUL, true);
      expect(await serves(SINGAPORE)).toBe(false);
      expect(await serves(TOKYO)).toBe(true);
    }));

  it.each([
    'InternalServiceFault',
    'InvalidParameterCombination',
    'InvalidParameterValue',
    'MissingParameter',
    'AccessDenied',
  ])('reports %s of both guardians, and throws nothing', (error) =>
    withSwitch(BY_METRIC, async ({ held, faulty }) => {
      faulty({ service: 'cloudwatch', operation: 'PutMetricData', answer: { error, message: 'no' } });
      const outcomes = await held.evacuate(SINGAPORE, 1);
      expect(outcomes.map(({ done, reason }) => [done, reason])).toEqual([
        [false, `${error}: no`],
        [false, `${error}: no`],
      ]);
    }),
  );

  it('is said again by the reconciler: tidying lets in what nobody keeps out', () =>
    withSwitch(BY_METRIC, async ({ held, serves }) => {
      await held.evacuate(SINGAPORE, 1);
      await held.tidy(SINGAPORE, 2);
      // The minute keeps the worst that was said in it.
      expect(await serves(SINGAPORE)).toBe(false);
      await held.tidy(SINGAPORE, 2);
      expect(await serves(SINGAPORE)).toBe(true);
    }));
});

describe('the switch arc', () => {
  const UPDATE = { service: 'route53-recovery-cluster', operation: 'UpdateRoutingControlState' };
  const refusing = (error: string, region?: string): ApiFault => ({
    ...UPDATE,
    ...(region === undefined ? {} : { region }),
    answer: { error, message: 'no' },
  });
  const calls = ({ world }: Pick<Switching, 'world'>): number =>
    world.aws.counts()['route53-recovery-cluster:UpdateRoutingControlState'] ?? 0;

  it.each(['EndpointTemporarilyUnavailableException', 'InternalServerException', 'ThrottlingException'])(
    'goes on with the next endpoint after %s, until one has taken it',
    (error) =>
      withSwitch(BY_CONTROL, async (switching) => {
        for (const region of ENDPOINTS.slice(0, 4)) switching.faulty(refusing(error, region));
        expect(await switching.held.evacuate(SINGAPORE, 1)).toEqual([{ guardian: 'routing control', done: true }]);
        expect(calls(switching)).toBe(5);
        expect(await switching.serves(SINGAPORE)).toBe(false);
      }),
  );

  it('tries five endpoints that do not answer within a step, and names each of them', () =>
    withSwitch(BY_CONTROL, async (switching, clock) => {
      for (const region of ENDPOINTS) switching.world.network.setDark(region === TOKYO ? SEOUL : region, true);
      switching.faulty({ ...refusing('InternalServerException', TOKYO) });
      const { result, tookMs } = await timed(clock, () => switching.held.evacuate(SINGAPORE, 1));
      const [outcome] = (result as { value: readonly { done: boolean; reason?: string }[] }).value;
      expect(outcome?.done).toBe(false);
      for (const region of ENDPOINTS) expect(outcome?.reason).toContain(region);
      expect(tookMs).toBeLessThan(12_000);
    }));

  it.each(['AccessDeniedException', 'ConflictException', 'ResourceNotFoundException', 'ValidationException'])(
    'takes %s for the word of the whole cluster: asks no other endpoint, and overrides no safety rule',
    (error) =>
      withSwitch(BY_CONTROL, async (switching) => {
        switching.faulty(refusing(error));
        const [outcome] = await switching.held.evacuate(SINGAPORE, 1);
        expect(outcome).toMatchObject({ done: false, reason: expect.stringContaining(`${error}: no`) });
        expect(calls(switching)).toBe(1);
        expect(await switching.serves(SINGAPORE)).toBe(true);
      }),
  );

  it('tries the endpoints in another order for other draws, each of them once', async () => {
    const order = (random: () => number): Promise<readonly string[]> =>
      inVirtualTime(async (clock) => {
        const world = createWorld({ config: BY_CONTROL, clock, seed: 1 });
        world.aws.setFault(refusing('InternalServerException'), true);
        const clients = world.aws.clientsIn(TOKYO);
        const [outcome] = await evacuationPort(
          { config: BY_CONTROL, deployment: TWIN_DEPLOYMENT, region: TOKYO, clients },
          random,
        ).evacuate(SINGAPORE, 1);
        return (outcome?.reason ?? '').split('; ').map((reason) => reason.split(' ')[0] ?? '');
      });
    const [first, second] = [await order(() => 0), await order(() => 0.999)];
    expect(first).not.toEqual(second);
    expect([...first].toSorted()).toEqual(ENDPOINTS.toSorted());
    expect(second).toEqual(ENDPOINTS);
  });

  it('leaves alone what a person has set by hand', () =>
    withSwitch(BY_CONTROL, async (switching) => {
      await switching.held.evacuate(SINGAPORE, 1);
      const before = calls(switching);
      await switching.held.tidy(SINGAPORE, 2);
      expect(calls(switching)).toBe(before);
      expect(await switching.serves(SINGAPORE)).toBe(false);
    }));
});
