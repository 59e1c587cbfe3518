import { dnsInput, passiveInput, SEOUL, SINGAPORE, TOKYO } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

/** A section that holds. */
export const RECONCILE = {
  store: {
    kind: 'postgres',
    connections: { [SINGAPORE]: { secret: 'shop/singapore' }, [TOKYO]: { parameter: '/shop/tokyo' } },
  },
} as const;

const anyRegion = 'any Region may be the one that traffic goes back to';
const source = 'docs/reconciliation.md';

export const BROKEN_RECONCILE: readonly BrokenConfig[] = [
  {
    what: 'a reconciliation where nothing is orchestrated',
    input: dnsInput({ reconcile: RECONCILE }),
    problems: [
      {
        source: 'a failback is what compares, docs/adr/0003-presets.md',
        path: 'reconcile',
        message: 'has no effect with the preset "dns-failover", which has no machines and no observers',
        remedy: 'remove it, or choose a preset that is orchestrated',
      },
    ],
  },
  {
    what: 'a Region without a database to compare, and a network in one that the application does not run in',
    input: passiveInput({
      reconcile: {
        store: {
          kind: 'postgres',
          connections: { [SINGAPORE]: { secret: 'shop/singapore' }, [SEOUL]: { secret: 'shop/seoul' } },
          network: { [SEOUL]: { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] } },
        },
      },
    }),
    problems: [
      {
        source: anyRegion,
        path: `reconcile.store.connections.${TOKYO}`,
        message: 'is required: the data of every application Region may have to be compared',
        allowed: 'for example { secret: "storefront/database" }',
        remedy: 'say where the URL of its database is',
      },
      ...['connections', 'network'].map((field) => ({
        source: anyRegion,
        path: `reconcile.store.${field}.${SEOUL}`,
        message: 'is no Region of the application',
        value: SEOUL,
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'correct the Region or take the entry out',
      })),
    ],
  },
  {
    what: 'one database for two Regions',
    input: passiveInput({
      reconcile: {
        store: {
          kind: 'postgres',
          connections: { [SINGAPORE]: { secret: 'shop/database' }, [TOKYO]: { secret: 'shop/database' } },
        },
      },
    }),
    problems: [
      {
        source: 'a database compared with itself is always equal, docs/reconciliation.md',
        path: `reconcile.store.connections.${TOKYO}`,
        message: `leads to the same database as that of ${SINGAPORE}`,
        value: { secret: 'shop/database' },
        allowed: 'another secret or parameter for each Region',
        remedy: "name the one that holds the URL of this Region's own database",
      },
    ],
  },
  {
    what: 'a reconciliation that leaves nothing to compare',
    input: passiveInput({
      reconcile: {
        ...RECONCILE,
        entities: { customers: false, products: false, orders: false, payments: false, inventory: false },
      },
    }),
    problems: [
      { source, path: 'reconcile.entities', message: 'leaves nothing to compare', remedy: 'keep or add an entity' },
    ],
  },
  {
    what: 'merging without a function, and a function without merging',
    input: passiveInput({
      reconcile: {
        ...RECONCILE,
        entities: { orders: { policy: 'merge' }, payments: { mergeFunction: 'merge-payments' } },
      },
    }),
    problems: [
      {
        source,
        path: 'reconcile.entities.orders.mergeFunction',
        message: 'is required with the policy "merge"',
        remedy: 'name your function, or choose another policy',
      },
      {
        source,
        path: 'reconcile.entities.payments.mergeFunction',
        message: 'has no effect with the policy "manual"',
        value: 'merge-payments',
        remedy: 'remove it, or choose the policy "merge"',
      },
    ],
  },
  {
    what: 'repairs of both replicas of a global table',
    input: passiveInput({
      data: { adapter: 'dynamodb-global', table: 'shop' },
      reconcile: { store: { kind: 'dynamodb' }, repair: 'both-sides' },
    }),
    problems: [
      {
        source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html',
        path: 'reconcile.repair',
        message: 'would have a repair of one replica overtake what an application writes on the other',
        value: 'both-sides',
        allowed: 'source-only',
        remedy: 'leave it out: replication brings the other Region what is repaired in one',
      },
    ],
  },
  {
    what: 'a table that DynamoDB could not have',
    input: passiveInput({ reconcile: { store: { kind: 'dynamodb' }, entities: { orders: { table: 'o' } } } }),
    problems: [
      {
        source,
        path: 'reconcile.entities.orders.table',
        message: 'is no name of a table in dynamodb',
        value: 'o',
        allowed: '3–255 letters, digits, "_", "-" and "."',
        remedy: 'name the table',
      },
    ],
  },
  {
    what: 'tables that the store could not have',
    input: passiveInput({
      reconcile: {
        ...RECONCILE,
        auditTable: 'audit-log',
        entities: { orders: { table: 'a.b.c', tombstones: { table: '7deleted' } } },
      },
    }),
    problems: [
      ['reconcile.entities.orders.table', 'a.b.c'],
      ['reconcile.entities.orders.tombstones.table', '7deleted'],
      ['reconcile.auditTable', 'audit-log'],
    ].map(([path = '', value]) => ({
      source,
      path,
      message: 'is no name of a table in postgres',
      value,
      allowed: 'a name of at most 63 letters, digits and "_", with its schema or without',
      remedy: 'name the table',
    })),
  },
];
