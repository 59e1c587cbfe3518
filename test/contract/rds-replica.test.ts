import { describe, expect, it } from 'vitest';
import { type AnsweredTier, withTier } from '../_helpers/answered-tier.ts';
import { SINGAPORE, TOKYO } from '../_helpers/config.ts';

const DATA = { adapter: 'rds-replica', instance: 'shop', instances: { [TOKYO]: 'shop-tokyo' } } as const;
const FAILOVER = { target: TOKYO, mode: 'failover' } as const;
const PROMOTED_MS = 301_000;

const withReplica = <T>(run: (tier: AnsweredTier) => Promise<T>): Promise<T> => withTier(DATA, run);

/** A minute of the lag into Tokyo, as Amazon RDS publishes it. */
function publishLag({ world, clock }: AnsweredTier, Value: number): number {
  const Timestamp = new Date(clock.nowEpochMs());
  world.cloudWatchIn(TOKYO).putMetricData({
    Namespace: 'AWS/RDS',
    MetricData: [
      {
        MetricName: 'ReplicaLag',
        Value,
        Timestamp,
        Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'shop-tokyo' }],
      },
    ],
  });
  return Timestamp.getTime();
}

describe('a promotion', () => {
  it('is accepted, and does not say who writes before the replica is available on its own', () =>
    withReplica(async ({ tier, clock }) => {
      expect(await tier.status()).toEqual({ writerRegion: SINGAPORE, movingTo: null });
      await tier.promote(FAILOVER);
      expect(await tier.status()).toEqual({ writerRegion: null, movingTo: null });
      await clock.sleep(PROMOTED_MS);
      expect(await tier.status()).toEqual({ writerRegion: TOKYO, movingTo: null });
    }));

  it('whose answer is lost was accepted where the replica has begun to change, and is asked for once', () =>
    withReplica(async ({ tier, world, lose }) => {
      lose('rds', 'PromoteReadReplica');
      await expect(tier.promote(FAILOVER)).resolves.toBeUndefined();
      expect(world.aws.counts()['rds:PromoteReadReplica']).toBe(1);
    }));

  it('that got no answer and changed nothing may pass', () =>
    withReplica(async ({ tier, refuse }) => {
      refuse('rds', 'PromoteReadReplica', 'ServiceUnavailable');
      await expect(tier.promote(FAILOVER)).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
    }));

  it.each(['DBInstanceNotFoundFault', 'InvalidDBInstanceStateFault', 'AccessDenied'])(
    'that Amazon RDS answers with %s is refused, and nothing was promoted',
    (error) =>
      withReplica(async ({ tier, refuse }) => {
        refuse('rds', 'PromoteReadReplica', error);
        await expect(tier.promote(FAILOVER)).rejects.toMatchObject({
          name: 'PromotionRefusedError',
          message: expect.stringContaining(error),
        });
        expect(await tier.status()).toEqual({ writerRegion: SINGAPORE, movingTo: null });
      }),
  );

  it('is not asked for while the replica is being changed: it may be under way', () =>
    withReplica(async ({ tier, world }) => {
      await tier.promote(FAILOVER);
      await expect(tier.promote(FAILOVER)).rejects.toMatchObject({
        name: 'PromotionRefusedError',
        message: expect.stringContaining('"modifying"'),
      });
      expect(world.aws.counts()['rds:PromoteReadReplica']).toBe(1);
    }));
});

describe('a move without loss', () => {
  const switchover = { target: TOKYO, mode: 'switchover' } as const;

  it('is refused where nobody has fenced the source', () =>
    withReplica(async ({ tier }) => {
      await expect(tier.promote(switchover)).rejects.toMatchObject({ name: 'PromotionRefusedError' });
    }));

  it.each([
    { what: 'no minute since the fence is measured', afterFence: false, lag: 0 },
    { what: 'the lag is 1 s', afterFence: true, lag: 1 },
  ])('waits while $what', ({ what, afterFence, lag }) =>
    withReplica(async (answered) => {
      const at = publishLag(answered, lag);
      const fencedAtEpochMs = afterFence ? at : at + 1;
      await answered.clock.sleep(60_000);
      await expect(answered.tier.promote({ ...switchover, fencedAtEpochMs })).rejects.toMatchObject({
        name: 'DataNotCaughtUpError',
        retryable: true,
        message: expect.stringContaining(what),
      });
      expect(answered.world.aws.counts()['rds:PromoteReadReplica']).toBeUndefined();
    }),
  );

  it('is asked for once a minute since the fence shows no lag', () =>
    withReplica(async (answered) => {
      const fencedAtEpochMs = publishLag(answered, 0);
      await answered.clock.sleep(60_000);
      await expect(answered.tier.promote({ ...switchover, fencedAtEpochMs })).resolves.toBeUndefined();
      expect(answered.world.aws.counts()['rds:PromoteReadReplica']).toBe(1);
    }));
});

describe('the replication lag', () => {
  it('is that of the replica, in seconds', () =>
    withReplica(async (answered) => {
      const measuredAtEpochMs = publishLag(answered, 3);
      await answered.clock.sleep(60_000);
      expect(await answered.tier.replicationLag(TOKYO)).toEqual({ seconds: 3, measuredAtEpochMs });
    }));

  it('of a replica that does not replicate (-1) is not measured', () =>
    withReplica(async (answered) => {
      publishLag(answered, -1);
      await answered.clock.sleep(60_000);
      expect(await answered.tier.replicationLag(TOKYO)).toBeUndefined();
    }));
});

describe('what is in the way of a promotion', () => {
  it('is nothing where an available replica is asked about', () =>
    withReplica(async ({ tier }) => expect(await tier.obstacles(TOKYO)).toEqual([])));

  it("is that the former primary is nobody's replica once another was promoted", () =>
    withReplica(async ({ tier, tierIn, clock }) => {
      await tier.promote(FAILOVER);
      await clock.sleep(PROMOTED_MS);
      expect(await tierIn(SINGAPORE).obstacles(SINGAPORE)).toEqual([
        expect.stringContaining('DB instance shop is no read replica'),
      ]);
    }));
});

describe('a DB instance that is not there', () => {
  it('is told with what to correct', () =>
    withReplica(async ({ tier, refuse }) => {
      refuse('rds', 'DescribeDBInstances', 'DBInstanceNotFoundFault');
      await expect(tier.status()).rejects.toMatchObject({
        code: 'DB_INSTANCE_MISSING',
        source: 'operator',
        message: expect.stringContaining('shop-tokyo in ap-northeast-1'),
      });
    }));

  it('is not taken for missing where Amazon RDS is throttled', () =>
    withReplica(async ({ tier, refuse }) => {
      refuse('rds', 'DescribeDBInstances', 'Throttling');
      await expect(tier.status()).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
    }));
});
