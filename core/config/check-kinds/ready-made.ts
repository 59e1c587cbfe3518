import * as z from 'zod';
import { regionId } from '../fields.ts';
import { regional } from '../regional-field.ts';
import { commonFields } from './common-fields.ts';
import { metricRegion } from './measured.ts';

const name = regional(z.string().min(1).max(255));
const aboveSeconds = z.number().positive().describe('Fails while it is above so many seconds.');
const common = { ...commonFields, region: metricRegion };

/** The lag of an Aurora Global Database. */
export const auroraLagCheck = z
  .strictObject({
    kind: z.literal('aurora-lag'),
    ...common,
    cluster: name.describe('Identifier of the DB cluster in the Region that is looked at.'),
    aboveSeconds,
  })
  .describe('How far the Aurora cluster of the Region is behind the writer.');

/** The lag of a DynamoDB global table. */
export const dynamoDbReplicationLatencyCheck = z
  .strictObject({
    kind: z.literal('dynamodb-replication-latency'),
    ...common,
    table: name.describe('Name of the table.'),
    receivingRegion: regional(regionId).describe('Region of the other replica, for each application Region.'),
    aboveSeconds,
  })
  .describe('How long an item of a global table takes from the Region to another replica.');

/** The lag of a replication rule of Amazon S3. */
export const s3ReplicationLatencyCheck = z
  .strictObject({
    kind: z.literal('s3-replication-latency'),
    ...common,
    sourceBucket: name.describe('Bucket that is replicated.'),
    destinationBucket: name.describe('Bucket that it is replicated to.'),
    rule: name.describe('Id of the replication rule, which must have replication metrics on.'),
    aboveSeconds,
  })
  .describe('How far a bucket is behind the one that is replicated to it.');

/** The age of what waits in a queue. */
export const queueAgeCheck = z
  .strictObject({
    kind: z.literal('queue-age'),
    ...common,
    queue: name.describe('Name of the queue.'),
    aboveSeconds,
  })
  .describe('How long the oldest message of an Amazon SQS queue has waited.');

/** The lag of an MSK Replicator. */
export const kafkaReplicatorLagCheck = z
  .strictObject({
    kind: z.literal('kafka-replicator-lag'),
    ...common,
    replicator: name.describe('Name of the MSK Replicator.'),
    aboveSeconds,
  })
  .describe('How long a record takes through an MSK Replicator from one cluster to the other.');

/** The verdict of Route 53's own checkers. */
export const route53Check = z
  .strictObject({
    kind: z.literal('route53'),
    ...commonFields,
    healthCheck: name.describe('Id of the health check, for each application Region.'),
  })
  .describe("What Route 53's own checkers say of a health check.");
