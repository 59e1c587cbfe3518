import * as z from 'zod';
import { regionId, seconds } from './fields.ts';

function clusterIdentifier(wrong: string): z.ZodString {
  return z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,62}$/, {
    error: `${wrong}; allowed: a letter, then letters, digits and "-", at most 63`,
  });
}

const writes = z
  .enum(['forwarded', 'local'])
  .default('forwarded')
  .describe('Whether a Region without the writer sends writes to the writer (`forwarded`) or refuses them (`local`).');

const lossBudgetSeconds = z
  .number()
  .min(0)
  .max(3600)
  .default(5)
  .describe('Replication lag above which a failover is refused unless the loss is accepted by name.');

/** The data tier. */
export const dataSchema = z
  .discriminatedUnion('adapter', [
    z.strictObject({ adapter: z.literal('none').describe('Nothing is promoted.'), writes, lossBudgetSeconds }),
    z.strictObject({
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
      writes,
      lossBudgetSeconds,
      promotionDeadlineSeconds: seconds(30, 3600)
        .default(300)
        .describe('A promotion not finished by then holds the operation for a person.'),
      promotionSeconds: seconds(1, 3600)
        .default(60)
        .describe('What a promotion takes, as drills measured it; for the RTO budget.'),
    }),
  ])
  .describe('What has to be promoted when traffic moves.');
