import { DescribeGlobalClustersCommand, type RDSClient } from '@aws-sdk/client-rds';
import { describe, expect, it } from 'vitest';
import { createAuroraGlobal } from '../../adapters/aws/aurora-global.ts';
import { ONCE_LIMITS } from '../../adapters/aws/clients.ts';
import { dataTierPort } from '../../adapters/aws/create-ports.ts';
import type { DataTier } from '../../core/ports.ts';
import exampleConfig from '../../switchyard.config.ts';
import type { ApiFault } from '../../twin/aws/aws-world.ts';
import { ServiceError } from '../../twin/aws/service-error.ts';
import type { TwinClock } from '../../twin/virtual-clock.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';
import { inVirtualTime, timed } from '../_helpers/in-virtual-time.ts';

const FAILOVER = { service: 'rds', operation: 'FailoverGlobalCluster' };
const NOT_AT_REST = {
  error: 'InvalidGlobalClusterStateFault',
  message: 'The global cluster is in an invalid state for this operation.',
};

interface Data {
  readonly world: World;
  readonly tier: DataTier;
  /** Answers of the API from now on. */
  faulty(fault: ApiFault): void;
}

/** The data tier as Tokyo's functions see it, on the API of a world. */
function withData<T>(run: (data: Data, clock: TwinClock) => Promise<T>, config = exampleConfig): Promise<T> {
  return inVirtualTime((clock) => {
    const world = createWorld({ config: exampleConfig, clock, seed: 1 });
    const clients = world.aws.clientsIn(TOKYO);
    const tier = dataTierPort({ config, deployment: TWIN_DEPLOYMENT, region: TOKYO, clients }, clock);
    return run({ world, tier, faulty: (fault) => world.aws.setFault(fault, true) }, clock);
  });
}

describe('a promotion', () => {
  it('is accepted, and the writer is on its way', () =>
    withData(async ({ tier }) => {
      await tier.promote({ target: TOKYO, mode: 'failover' });
      expect(await tier.status()).toMatchObject({ writerRegion: null, movingTo: TOKYO });
    }));

  it('is asked for once where its answer is lost, and waited for longer than other calls', () =>
    withData(async ({ world, tier, faulty }, clock) => {
      faulty({ ...FAILOVER, answer: 'lost' });
      const { result, tookMs } = await timed(clock, () => tier.promote({ target: TOKYO, mode: 'failover' }));
      expect(result).toMatchObject({ reason: { name: 'TransientPlatformError' } });
      expect(world.aws.counts()['rds:FailoverGlobalCluster']).toBe(1);
      expect(tookMs).toBeGreaterThanOrEqual(ONCE_LIMITS.requestTimeoutMs);
      expect(await tier.status()).toMatchObject({ writerRegion: null, movingTo: TOKYO });
    }));

  it('that is under way to the same target is accepted again', () =>
    withData(async ({ tier }) => {
      await tier.promote({ target: TOKYO, mode: 'failover' });
      await expect(tier.promote({ target: TOKYO, mode: 'failover' })).resolves.toBeUndefined();
    }));

  it('that has arrived is accepted again', () =>
    withData(async ({ tier }, clock) => {
      await tier.promote({ target: TOKYO, mode: 'failover' });
      await clock.sleep(120_000);
      expect(await tier.status()).toMatchObject({ writerRegion: TOKYO, movingTo: null });
      await expect(tier.promote({ target: TOKYO, mode: 'failover' })).resolves.toBeUndefined();
    }));

  it('is refused where the cluster is at rest with its writer elsewhere', () =>
    withData(async ({ tier, faulty }) => {
      faulty({ ...FAILOVER, answer: NOT_AT_REST });
      await expect(tier.promote({ target: TOKYO, mode: 'failover' })).rejects.toMatchObject({
        name: 'PromotionRefusedError',
        message: expect.stringContaining('InvalidGlobalClusterStateFault'),
      });
    }));

  it('is refused where the writer is on its way to another Region', () =>
    withData(async ({ tier }, clock) => {
      await tier.promote({ target: TOKYO, mode: 'failover' });
      await clock.sleep(120_000);
      await tier.promote({ target: SINGAPORE, mode: 'switchover' });
      await expect(tier.promote({ target: TOKYO, mode: 'failover' })).rejects.toMatchObject({
        name: 'PromotionRefusedError',
      });
    }));

  it('is neither accepted nor refused while a move does not say where to', async () => {
    const tier = fakeTier('failing-over');
    await expect(tier.promote({ target: TOKYO, mode: 'failover' })).rejects.toMatchObject({
      name: 'TransientPlatformError',
      retryable: true,
    });
    await expect(fakeTier('upgrading').promote({ target: TOKYO, mode: 'failover' })).rejects.toMatchObject({
      name: 'PromotionRefusedError',
    });
  });

  it('is refused where the target holds no copy of the data', () =>
    withData(async ({ tier }) => {
      await expect(tier.promote({ target: SEOUL, mode: 'failover' })).rejects.toMatchObject({
        name: 'PromotionRefusedError',
        message: expect.stringContaining(`no member in ${SEOUL}`),
      });
    }));
});

describe('the copies that the data tier calls connected', () => {
  it('are all but the former writer, which a failover leaves to be built anew', () =>
    withData(async ({ world, tier }, clock) => {
      expect((await tier.status()).connected).toEqual([SINGAPORE, TOKYO]);
      world.network.setDark(SINGAPORE, true);
      await tier.promote({ target: TOKYO, mode: 'failover' });
      await clock.sleep(120_000);
      world.network.setDark(SINGAPORE, false);
      expect(await tier.status()).toEqual({ writerRegion: TOKYO, movingTo: null, connected: [TOKYO] });
      await clock.sleep(600_000);
      expect((await tier.status()).connected).toEqual([SINGAPORE, TOKYO]);
    }));

  it('are all of them after a switchover', () =>
    withData(async ({ tier }, clock) => {
      await tier.promote({ target: TOKYO, mode: 'switchover' });
      await clock.sleep(120_000);
      expect(await tier.status()).toEqual({ writerRegion: TOKYO, movingTo: null, connected: [SINGAPORE, TOKYO] });
    }));

  it('are not told by an API that says nothing of it', async () => {
    expect(await fakeTier('available').status()).not.toHaveProperty('connected');
  });
});

describe('the replication lag', () => {
  it.each([
    { hoursAgo: 23, found: true },
    { hoursAgo: 24.1, found: false },
  ])('measured $hoursAgo h ago is found: $found', ({ hoursAgo, found }) =>
    withData(async ({ world, tier }, clock) => {
      const Timestamp = new Date(clock.nowEpochMs());
      world.cloudWatchIn(TOKYO).putMetricData({
        Namespace: 'AWS/RDS',
        MetricData: [
          {
            MetricName: 'AuroraGlobalDBReplicationLag',
            Value: 400,
            Timestamp,
            Dimensions: [{ Name: 'DBClusterIdentifier', Value: 'storefront-ap-northeast-1' }],
          },
        ],
      });
      await clock.sleep(hoursAgo * 3_600_000);
      expect(await tier.replicationLag(TOKYO)).toEqual(
        found ? { seconds: 0.4, measuredAtEpochMs: Timestamp.getTime() } : undefined,
      );
    }),
  );
});

describe('a global cluster that is not there', () => {
  it('is no refused promotion where it is only looked at, and says what to do', () =>
    withData(
      async ({ tier }) => {
        for (const read of [() => tier.status(), () => tier.replicationLag(TOKYO)]) {
          await expect(read()).rejects.toMatchObject({
            name: 'SwitchyardError',
            code: 'GLOBAL_CLUSTER_MISSING',
            source: 'operator',
            message: expect.stringContaining('correct data.globalCluster'),
          });
        }
      },
      { ...exampleConfig, data: { ...exampleConfig.data, adapter: 'aurora-global', globalCluster: 'gone' } as never },
    ));
});

/** A cluster in one state, which says of no move where it leads and takes none. */
function fakeTier(Status: string): DataTier {
  const clock = { nowEpochMs: () => 0, sleep: () => Promise.resolve() };
  const members = [SINGAPORE, TOKYO].map((region) => ({
    DBClusterArn: `arn:aws:rds:${region}:111122223333:cluster:shop-${region}`,
    IsWriter: region === SINGAPORE,
  }));
  const rds = {
    send: async (command: unknown) => {
      if (command instanceof DescribeGlobalClustersCommand)
        return { GlobalClusters: [{ Status, GlobalClusterMembers: members }] };
      throw new ServiceError(NOT_AT_REST.error, NOT_AT_REST.message);
    },
  } as unknown as RDSClient;
  const cloudWatchFor = (): never => {
    throw new Error('not asked here');
  };
  return createAuroraGlobal({ globalCluster: 'shop', rds, promotionRds: rds, cloudWatchFor, clock });
}
