import { names } from '../../core/config/names.ts';
import { reconciledEntities } from '../../core/config/reconcile-entities.ts';
import type { Entity } from '../../core/reconcile/entity.ts';
import { readSecrets } from './channel-secrets.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/** The plans of this Region; without ListBucket a missing object answers 403 instead of 404. */
export function plans(
  { config, deployment, region }: Site,
  purpose: string,
  actions: readonly string[],
): readonly Grant[] {
  const bucket = `arn:${deployment.partition}:s3:::${names.planBucket(config, deployment, region)}`;
  return [
    {
      purpose,
      actions,
      resources: [`${bucket}/*`],
      patternBecause: 'a plan is named after the failback that asks for it, and its parts after what is found',
    },
    { purpose: 'FindPlans', actions: ['s3:ListBucket'], resources: [bucket] },
  ];
}

/**
 * The tables of both Regions, to be read: in PostgreSQL, where they are repaired too, by a user of the database's own,
 * whose URL is a secret; in DynamoDB by the role.
 */
export function reachTables(site: Site): readonly Grant[] {
  const { store } = site.config.reconcile ?? {};
  if (store?.kind === 'postgres') {
    return readSecrets(site, { purpose: 'ReadDatabase', references: Object.values(store.connections) });
  }
  const deleted = dynamoDbTables(site, ({ tombstones }) => tombstones?.table);
  const actions = ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:Scan'];
  return [
    ...on(
      dynamoDbTables(site, ({ table }) => table),
      { purpose: 'ReadTables', actions },
    ),
    ...on(deleted, { purpose: 'ReadDeletions', actions: ['dynamodb:BatchGetItem', 'dynamodb:Scan'] }),
  ];
}

/** The items of DynamoDB that a repair writes, and the versions that it keeps in the same transaction. */
export function repairTables(site: Site): readonly Grant[] {
  const actions = ['dynamodb:DeleteItem', 'dynamodb:PutItem'];
  return [
    ...on(
      dynamoDbTables(site, ({ table }) => table),
      { purpose: 'RepairTables', actions },
    ),
    ...on(auditTables(site), { purpose: 'KeepVersions', actions: ['dynamodb:UpdateItem'] }),
  ];
}

/** DynamoDB's tables of lost versions, made where there are none. */
export function makeAuditTables(site: Site): readonly Grant[] {
  const actions = ['dynamodb:CreateTable', 'dynamodb:DescribeTable'];
  return on(auditTables(site), { purpose: 'MakeAuditTables', actions });
}

function on(resources: readonly string[], grant: Omit<Grant, 'resources'>): readonly Grant[] {
  return resources.length === 0 ? [] : [{ ...grant, resources }];
}

function auditTables(site: Site): readonly string[] {
  const { auditTable } = site.config.reconcile ?? {};
  return [...new Set(dynamoDbTables(site, () => auditTable))];
}

/** ARNs of what is compared in DynamoDB, in every Region of the application. */
function dynamoDbTables(site: Site, tableOf: (entity: Entity) => string | undefined): readonly string[] {
  const { config, deployment } = site;
  if (config.reconcile?.store.kind !== 'dynamodb') return [];
  const { partition, account } = deployment;
  const tables = reconciledEntities(config).flatMap((entity) => tableOf(entity) ?? []);
  return config.regions.flatMap(({ id }) =>
    tables.map((table) => `arn:${partition}:dynamodb:${id}:${account}:table/${table}`),
  );
}
