import type { TableDescription } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoDbGlobal, type DynamoDbGlobalSettings } from '../../adapters/aws/dynamodb-global.ts';
import { type AnsweredTier, withTier } from '../_helpers/answered-tier.ts';
import { SINGAPORE, TOKYO } from '../_helpers/config.ts';

const withTable = <T>(run: (tier: AnsweredTier) => Promise<T>): Promise<T> =>
  withTier({ adapter: 'dynamodb-global', table: 'shop' }, run);

describe('a global table', () => {
  it('has no writer of its own, and nothing of it is promoted', () =>
    withTable(async ({ tier }) => {
      expect(await tier.status()).toEqual({ writerRegion: null, movingTo: null });
      await expect(tier.promote({ target: TOKYO, mode: 'failover' })).rejects.toMatchObject({
        name: 'PromotionRefusedError',
      });
    }));

  it('with an active replica has nothing in the way', () =>
    withTable(async ({ tier }) => expect(await tier.obstacles(TOKYO)).toEqual([])));

  it.each([
    {
      what: 'a replica that DynamoDB is taking away',
      status: 'DELETING' as const,
      says: ['table shop in ap-northeast-1 is DELETING, not ACTIVE'],
    },
    { what: 'a replica that is being updated', status: 'UPDATING' as const, says: [] },
    {
      what: 'a replica whose key is out of reach',
      status: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' as const,
      says: ['table shop in ap-northeast-1 is INACCESSIBLE_ENCRYPTION_CREDENTIALS, not ACTIVE'],
    },
  ])('$what', ({ status, says }) =>
    withTable(async (answered) => {
      expect(await obstaclesOf(answered, { TableStatus: status, Replicas: [{ RegionName: SINGAPORE }] })).toEqual(says);
    }),
  );

  it('that is a table of one Region alone is no copy', () =>
    withTable(async (answered) => {
      expect(await obstaclesOf(answered, { TableStatus: 'ACTIVE' })).toEqual([
        'table shop in ap-northeast-1 is no global table: it has no replica',
      ]);
    }));

  it('whose own replica is listed counts by what is said of it there', () =>
    withTable(async (answered) => {
      const Replicas = [{ RegionName: TOKYO, ReplicaStatus: 'CREATING' as const }, { RegionName: SINGAPORE }];
      expect(await obstaclesOf(answered, { TableStatus: 'ACTIVE', Replicas })).toEqual([
        'the replica of table shop in ap-northeast-1 is CREATING, not ACTIVE',
      ]);
    }));

  it('that is not there is an obstacle', () =>
    withTable(async ({ tier, refuse }) => {
      refuse('dynamodb', 'DescribeTable', 'ResourceNotFoundException');
      expect(await tier.obstacles(TOKYO)).toEqual([
        'there is no table shop in ap-northeast-1; correct data.table, or add a replica',
      ]);
    }));

  it.each([
    { error: 'InternalServerError', name: 'TransientPlatformError' },
    { error: 'InvalidEndpointException', name: 'InvalidEndpointException' },
  ])('says with $name that DynamoDB answered $error', ({ error, name }) =>
    withTable(async ({ tier, refuse }) => {
      refuse('dynamodb', 'DescribeTable', error);
      await expect(tier.obstacles(TOKYO)).rejects.toMatchObject({ name });
    }),
  );
});

describe('its replication lag', () => {
  it('is published where it comes from, by pair of Regions, in milliseconds', () =>
    withTable(async ({ world, clock, tier }) => {
      const Timestamp = new Date(clock.nowEpochMs());
      const Dimensions = [
        { Name: 'TableName', Value: 'shop' },
        { Name: 'ReceivingRegion', Value: TOKYO },
      ];
      const MetricData = [{ MetricName: 'ReplicationLatency', Value: 700, Timestamp, Dimensions }];
      world.cloudWatchIn(SINGAPORE).putMetricData({ Namespace: 'AWS/DynamoDB', MetricData });
      await clock.sleep(60_000);
      const reading = { seconds: 0.7, measuredAtEpochMs: Timestamp.getTime() };
      expect(await tier.replicationLag(TOKYO, SINGAPORE)).toEqual(reading);
      expect(await tier.replicationLag(TOKYO)).toBeUndefined();
    }));
});

/** What is in the way where DynamoDB describes the table so. */
function obstaclesOf({ config, clock }: AnsweredTier, Table: TableDescription): Promise<readonly string[]> {
  const data = config.data as DynamoDbGlobalSettings['data'];
  const dynamoDb = { send: async () => ({ Table }) } as unknown as DynamoDbGlobalSettings['dynamoDb'];
  const cloudWatchFor = (): never => {
    throw new Error('not asked here');
  };
  return createDynamoDbGlobal({ data, region: TOKYO, dynamoDb, cloudWatchFor, clock }).obstacles(TOKYO);
}
