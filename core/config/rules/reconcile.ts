import type { Problem } from '../../errors.ts';
import { isSameContent } from '../../same-content.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { PRESET_TRAITS } from '../preset.ts';
import type { ParsedConfig } from '../types.ts';

type Section = NonNullable<ParsedConfig['reconcile']>;
type PostgresStore = Extract<Section['store'], { kind: 'postgres' }>;

/** PostgreSQL cuts longer names off: https://www.postgresql.org/docs/current/sql-syntax-lexical.html */
const POSTGRES_TABLE = /^([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}$/;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
const DYNAMODB_TABLE = /^[A-Za-z0-9_.-]{3,255}$/;
const TABLE_NAMES = {
  postgres: {
    pattern: POSTGRES_TABLE,
    allowed: 'a name of at most 63 letters, digits and "_", with its schema or without',
  },
  dynamodb: { pattern: DYNAMODB_TABLE, allowed: '3–255 letters, digits, "_", "-" and "."' },
} as const;

/** Rules on what is compared before traffic goes back. */
export const reconcileRules: readonly CrossFieldRule[] = [
  rule({
    source: 'a failback is what compares, docs/adr/0003-presets.md',
    needs: ['preset', 'reconcile'],
    check: ({ preset, reconcile }) =>
      reconcile === undefined || PRESET_TRAITS[preset].orchestrated
        ? []
        : [
            {
              path: 'reconcile',
              message: `has no effect with the preset "${preset}", which has no machines and no observers`,
              remedy: 'remove it, or choose a preset that is orchestrated',
            },
          ],
  }),
  rule({
    source: 'any Region may be the one that traffic goes back to',
    needs: ['reconcile', 'regions'],
    check: ({ reconcile, regions }) =>
      reconcile?.store.kind === 'postgres' ? regionProblems(reconcile.store, regions) : [],
  }),
  rule({
    source: 'a database compared with itself is always equal, docs/reconciliation.md',
    needs: ['reconcile'],
    check: ({ reconcile }) =>
      reconcile?.store.kind === 'postgres' ? sharedConnections(reconcile.store.connections) : [],
  }),
  rule({
    source: 'docs/reconciliation.md',
    needs: ['reconcile'],
    check: ({ reconcile }) => (reconcile === undefined ? [] : entityProblems(reconcile)),
  }),
  rule({
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html',
    needs: ['reconcile', 'data'],
    check: ({ reconcile, data }) =>
      reconcile?.store.kind === 'dynamodb' && data.adapter === 'dynamodb-global' && reconcile.repair === 'both-sides'
        ? [
            {
              path: 'reconcile.repair',
              message: 'would have a repair of one replica overtake what an application writes on the other',
              value: reconcile.repair,
              allowed: 'source-only',
              remedy: 'leave it out: replication brings the other Region what is repaired in one',
            },
          ]
        : [],
  }),
];

function regionProblems(store: PostgresStore, regions: readonly { readonly id: string }[]): readonly Problem[] {
  const known = regions.map(({ id }) => id);
  const missing = known.filter((region) => store.connections[region] === undefined);
  const strangers = [
    ...Object.keys(store.connections).map((region) => ({ path: 'reconcile.store.connections', region })),
    ...Object.keys(store.network ?? {}).map((region) => ({ path: 'reconcile.store.network', region })),
  ].filter(({ region }) => !known.includes(region));
  return [
    ...missing.map((region) => ({
      path: `reconcile.store.connections.${region}`,
      message: 'is required: the data of every application Region may have to be compared',
      allowed: 'for example { secret: "storefront/database" }',
      remedy: 'say where the URL of its database is',
    })),
    ...strangers.map(({ path, region }) => ({
      path: `${path}.${region}`,
      message: 'is no Region of the application',
      value: region,
      allowed: known.join(', '),
      remedy: 'correct the Region or take the entry out',
    })),
  ];
}

/** One name is read in one Region, so that it leads both sides to one database. */
function sharedConnections(connections: PostgresStore['connections']): readonly Problem[] {
  const given = Object.entries(connections).map(([region, reference]) => ({ region, reference }));
  return given.flatMap(({ region, reference }, index) => {
    const first = given.slice(0, index).find((earlier) => isSameContent(earlier.reference, reference));
    if (first === undefined) return [];
    return [
      {
        path: `reconcile.store.connections.${region}`,
        message: `leads to the same database as that of ${first.region}`,
        value: reference,
        allowed: 'another secret or parameter for each Region',
        remedy: "name the one that holds the URL of this Region's own database",
      },
    ];
  });
}

function entityProblems({ entities, store, auditTable }: Section): readonly Problem[] {
  const kept = Object.entries(entities).flatMap(([name, entity]) => (entity === false ? [] : [{ name, ...entity }]));
  const tables = kept.flatMap(({ name, table, tombstones }) => [
    { path: `reconcile.entities.${name}.table`, table: table ?? name },
    ...(tombstones === undefined
      ? []
      : [{ path: `reconcile.entities.${name}.tombstones.table`, table: tombstones.table }]),
  ]);
  const none = { path: 'reconcile.entities', message: 'leaves nothing to compare', remedy: 'keep or add an entity' };
  return [
    ...(kept.length === 0 ? [none] : []),
    ...kept.flatMap(mergeProblems),
    ...[...tables, { path: 'reconcile.auditTable', table: auditTable }].flatMap((named) => nameProblems(named, store)),
  ];
}

function mergeProblems({
  name,
  policy,
  mergeFunction,
}: {
  readonly name: string;
  readonly policy: string;
  readonly mergeFunction?: string | undefined;
}): readonly Problem[] {
  if ((policy === 'merge') === (mergeFunction !== undefined)) return [];
  const path = `reconcile.entities.${name}.mergeFunction`;
  return policy === 'merge'
    ? [{ path, message: 'is required with the policy "merge"', remedy: 'name your function, or choose another policy' }]
    : [
        {
          path,
          message: `has no effect with the policy "${policy}"`,
          value: mergeFunction,
          remedy: 'remove it, or choose the policy "merge"',
        },
      ];
}

function nameProblems(
  { path, table }: { readonly path: string; readonly table: string },
  { kind }: Section['store'],
): readonly Problem[] {
  const { pattern, allowed } = TABLE_NAMES[kind];
  if (pattern.test(table)) return [];
  const message = `is no name of a table in ${kind}`;
  return [{ path, message, value: table, allowed, remedy: 'name the table' }];
}
