import * as z from 'zod';
import { POLICIES, REPAIRS, TIERS } from '../reconcile/entity.ts';
import { entityName, functionName, minutes, regionId, seconds } from './fields.ts';
import { secretReference } from './secret-field.ts';

/** Of a table or of a column: ordinary identifiers of PostgreSQL, with a schema or without, or names of DynamoDB. */
const identifier = z.string().regex(/^[A-Za-z0-9_.-]{1,255}$/, {
  error: 'is not the name of a table or a column; allowed: 1–255 letters, digits, "_", "-" and "."',
});

const entity = z.strictObject({
  tier: z
    .enum(TIERS)
    .describe('`critical`: no version may be lost silently, such as orders and payments; what loses is kept.'),
  policy: z
    .enum(POLICIES)
    .describe(
      'Which of two versions stays; `merge`: a function of yours makes one of both, `manual`: where both changed, a person decides.',
    ),
  table: identifier.optional().describe('Its table, the same in every Region; the name of the entity where not given.'),
  modifiedColumn: identifier
    .default('last_modified')
    .describe(
      'Column that says when a row was last written: a time with its zone, or seconds since 1970; in DynamoDB milliseconds too.',
    ),
  createdColumn: identifier
    .optional()
    .describe(
      'Column that says when a row was made; it, or `tombstones`, tells a new row from one that the other Region deleted.',
    ),
  tombstones: z
    .strictObject({
      table: identifier.describe('Table that keeps the keys of what was deleted.'),
      deletedColumn: identifier.default('deleted_at').describe('Its column that says when.'),
    })
    .optional()
    .describe('Where deletions are kept; without it a deleted row cannot be told from one that never came.'),
  ignoredColumns: z
    .array(identifier)
    .max(100)
    .default([])
    .describe('Columns that are not compared; an update leaves them as they are.'),
  mergeFunction: functionName
    .optional()
    .describe('`merge` only: name of a Lambda function that every application Region has.'),
});
/** An entity as a config has it, under its name. */
export type EntityField = z.output<typeof entity>;

const postgres = z.strictObject({
  kind: z.literal('postgres').describe('Tables in PostgreSQL 14 or later, or in Aurora PostgreSQL.'),
  connections: z
    .record(regionId, secretReference)
    .describe(
      'By Region, where the URL of its database is: a secret or parameter of that name in every application Region, since one Region compares both.',
    ),
  network: z
    .record(
      regionId,
      z.strictObject({
        subnets: z
          .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, { error: 'is no id of a subnet' }))
          .min(1)
          .max(16)
          .describe('Subnets from which both databases, and the APIs of AWS, are reached.'),
        securityGroups: z
          .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/, { error: 'is no id of a security group' }))
          .min(1)
          .max(5)
          .describe('Security groups that the databases let in.'),
      }),
    )
    .optional()
    .describe('By Region, the network that the functions which compare run in; none of yours where not given.'),
});

const dynamodb = z.strictObject({
  kind: z.literal('dynamodb').describe('Tables in DynamoDB, of the same name in every Region; global or not.'),
});

/** How the data of two Regions are made to agree before traffic goes back. */
export const reconcileSchema = z
  .strictObject({
    store: z.discriminatedUnion('kind', [postgres, dynamodb]).describe('Where the data are.'),
    entities: z
      .record(entityName, z.union([z.literal(false), entity]))
      .prefault({})
      .describe(
        'What is compared, by name, in the order of foreign keys; a name in the default table may change some fields alone, and `false` removes it (`docs/reconciliation.md`).',
      ),
    auditTable: identifier
      .default('switchyard_audit')
      .describe('Table of the same store that keeps versions which a repair takes away; made where there is none.'),
    repair: z
      .enum(REPAIRS)
      .default('both-sides')
      .describe(
        'Where repairs are written. `source-only` is the default with `aurora-global` and `rds-replica`, whose copy in the Region that traffic goes back to is read-only and follows, and with `dynamodb-global` where `store` is DynamoDB, since every write replicates.',
      ),
    approval: z
      .enum(['required', 'none'])
      .default('none')
      .describe('Whether a person approves a plan that would change something before it is applied.'),
    approvalMinutes: minutes(1, 1440).default(60).describe('A plan not approved by then is not applied.'),
    blockOn: z
      .array(z.enum(TIERS))
      .max(TIERS.length)
      .default(['critical'])
      .describe('Tiers whose unresolved differences keep traffic from going back.'),
    rowsPerRange: z
      .int()
      .min(1_000)
      .max(10_000_000)
      .default(100_000)
      .describe('About how many rows one function compares at a time.'),
    concurrency: z
      .int()
      .min(1)
      .max(1_000)
      .default(8)
      .describe('How many of them run at once; each holds one connection to either database.'),
    maximumLagSeconds: seconds(0, 3600).default(30).describe('Replication lag above which repairs wait.'),
    deadlineMinutes: minutes(5, 1440)
      .default(240)
      .describe('A reconciliation not over by then ends the failback; the next one goes on with the same tables.'),
  })
  .describe(
    'How the data of two Regions are compared and repaired before traffic goes back; without it only the replication lag is judged.',
  );
/** The section as the schema gives it. */
export type ReconcileSection = z.output<typeof reconcileSchema>;
