import * as z from 'zod';
import { functionName, regionId, seconds } from './fields.ts';

function clusterIdentifier(wrong: string): z.ZodString {
  return z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,62}$/, {
    error: `${wrong}; allowed: a letter, then letters, digits and "-", at most 63`,
  });
}

const shared = {
  writes: z
    .enum(['forwarded', 'local'])
    .default('forwarded')
    .describe(
      'Whether a Region without the writer sends writes to the writer (`forwarded`) or refuses them (`local`).',
    ),
  lossBudgetSeconds: z
    .number()
    .min(0)
    .max(3600)
    .default(5)
    .describe(
      'Replication lag above which a failover is refused unless the loss is accepted by name. With 0 none is accepted: the data tier is asked for a move that loses nothing.',
    ),
};

/** What every adapter has that promotes something. */
function promoted(typicalSeconds: number): {
  promotionDeadlineSeconds: z.ZodDefault<z.ZodInt>;
  promotionSeconds: z.ZodDefault<z.ZodInt>;
} {
  return {
    promotionDeadlineSeconds: seconds(30, 3600)
      .default(5 * typicalSeconds)
      .describe('A promotion not finished by then holds the operation for a person.'),
    promotionSeconds: seconds(1, 3600)
      .default(typicalSeconds)
      .describe('What a promotion takes, as drills measured it; for the RTO budget.'),
  };
}

const auroraGlobal = z.strictObject({
  adapter: z.literal('aurora-global').describe('An Aurora Global Database.'),
  globalCluster: clusterIdentifier('is not a global cluster identifier').describe(
    'Identifier of the Aurora global cluster.',
  ),
  clusters: z
    .record(regionId, clusterIdentifier('is not a cluster identifier'))
    .optional()
    .describe(
      'Identifier of its member in each Region; `<globalCluster>-<region>` where not given. Only the alarm on replication lag looks there.',
    ),
  ...shared,
  ...promoted(60),
});

// Typical: "several minutes or longer", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html
const rdsReplica = z.strictObject({
  adapter: z.literal('rds-replica').describe('A DB instance of Amazon RDS with read replicas in the other Regions.'),
  instance: clusterIdentifier('is not a DB instance identifier').describe(
    'Identifier of the DB instance, the same in every Region where `instances` names no other.',
  ),
  instances: z
    .record(regionId, clusterIdentifier('is not a DB instance identifier'))
    .optional()
    .describe('Identifier of the DB instance in a Region where it has another one.'),
  ...shared,
  ...promoted(300),
});

const dynamoDbGlobal = z.strictObject({
  adapter: z
    .literal('dynamodb-global')
    .describe('A DynamoDB global table that is eventually consistent between Regions.'),
  table: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]{3,255}$/, {
      error: 'is not the name of a table; allowed: 3–255 letters, digits, "_", "-" and "."',
    })
    .describe('Name of the table, the same in every Region.'),
  ...shared,
});

const custom = z.strictObject({
  adapter: z.literal('custom').describe('Any other data tier, through a Lambda function of your own.'),
  function: functionName.describe('Name of the function; every application Region has it (docs/data-tiers.md).'),
  timeoutSeconds: seconds(1, 8).default(5).describe('How long one call of it may take.'),
  ...shared,
  ...promoted(300),
});

/** The data tier. */
export const dataSchema = z
  .discriminatedUnion('adapter', [
    z.strictObject({ adapter: z.literal('none').describe('Nothing is promoted.'), ...shared }),
    auroraGlobal,
    rdsReplica,
    dynamoDbGlobal,
    custom,
  ])
  .describe('What has to be promoted when traffic moves.');
