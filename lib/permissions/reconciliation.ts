import { applicationRegions } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import { reconciledEntities } from '../../core/config/reconcile-entities.ts';
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

/** Reading the tables of both Regions: by a database's own user, whose URL is a secret, or by the role itself. */
export function readTables(site: Site): readonly Grant[] {
  const { store } = site.config.reconcile ?? {};
  if (store === undefined) return [];
  if (store.kind === 'postgres') {
    return readSecrets(site, { purpose: 'ReadDatabase', references: Object.values(store.connections) });
  }
  return [
    {
      purpose: 'ReadTables',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:DescribeTable', 'dynamodb:Scan'],
      resources: tables(site, ({ table, tombstones }) => [
        table,
        ...(tombstones === undefined ? [] : [tombstones.table]),
      ]),
    },
  ];
}

/** The same and repairing them, with the versions that a repair takes away. */
export function changeTables(site: Site): readonly Grant[] {
  const { reconcile } = site.config;
  if (reconcile?.store.kind !== 'dynamodb') return readTables(site);
  const audit = regionalTables(site, [reconcile.auditTable]);
  return [
    ...readTables(site),
    {
      purpose: 'RepairTables',
      actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
      resources: [...tables(site, ({ table }) => [table]), ...audit],
    },
    { purpose: 'PrepareAudit', actions: ['dynamodb:CreateTable', 'dynamodb:DescribeTable'], resources: audit },
  ];
}

type Named = ReturnType<typeof reconciledEntities>[number];

function tables(site: Site, namesOf: (entity: Named) => readonly string[]): readonly string[] {
  return regionalTables(site, [...new Set(reconciledEntities(site.config).flatMap(namesOf))]);
}

function regionalTables(
  { config, deployment: { account, partition } }: Site,
  named: readonly string[],
): readonly string[] {
  return applicationRegions(config).flatMap((region) =>
    named.map((table) => `arn:${partition}:dynamodb:${region}:${account}:table/${table}`),
  );
}
