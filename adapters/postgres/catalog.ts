import type { Entity } from '../../core/reconcile/entity.ts';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import { quoteTable } from './identifiers.ts';
import type { SqlQueries, TextRow } from './sql-session.ts';

/** One column as the server's catalog has it. */
export interface CatalogColumn {
  readonly name: string;
  /** With its length or scale, such as `numeric(12,2)`. */
  readonly type: string;
  /** Name of the type underneath: that of a domain's base. */
  readonly base: string;
  /** Name of the type of an array's elements; `null` where it is no array. */
  readonly element: string | null;
  /** Whether the type, or that of its elements, comes with PostgreSQL and is no enum or composite. */
  readonly builtIn: boolean;
  /** Labels of an enum, in their order. */
  readonly labels: string | null;
  /** Expression that the server computes it by; `null` where it is stored as written. */
  readonly generatedBy: string | null;
  /** Whether the server numbers it and takes no value in an update (`GENERATED ALWAYS AS IDENTITY`). */
  readonly identity: boolean;
  /** Place in the primary key, from 1; `null` for any other column. */
  readonly keyPlace: number | null;
  /** Collation of a key column; `null` where its type has none. */
  readonly collation: KeyCollation | null;
}

/** How a key column's texts are ordered. */
export interface KeyCollation {
  /** `c` libc, `i` ICU, `b` PostgreSQL's own, `d` that of the database. */
  readonly provider: string;
  readonly locale: string;
  readonly version: string | null;
  readonly deterministic: boolean;
}

/** A table with what has to be known to compare it. */
export interface Catalog {
  /** The server's own number of it. */
  readonly oid: string;
  /** Its name, quoted, with its schema. */
  readonly table: string;
  readonly columns: readonly CatalogColumn[];
  /** Its key columns in the order of the key. */
  readonly key: readonly CatalogColumn[];
  readonly serverVersion: string;
  /** Tells this table from every other one on any server; undefined where the server's clock is too coarse for that. */
  readonly identity: string | undefined;
}

/** Ordinary tables and partitioned ones; a view has no key, and what a foreign table holds is another server's. */
const TABLE_KINDS = ['r', 'p'];

/** A digest of values whose binary forms a server might change, or order its bytes another way. */
const SAMPLE_DIGEST = `to_hex(hash_array_extended(ARRAY[record_send(ROW(1::int4, 'sample'::text, trim_scale(1.50),
  '2026-01-01 00:00:00+00'::timestamptz, NULL::bytea, '{"a": [1]}'::jsonb))], 0))`;
/** What every server from PostgreSQL 14 on makes of it, where the processor has the lower byte first. */
const KNOWN_DIGEST = 'f80e24111e848b61';

/**
 * The table, and when its server was started, to the microsecond, which no two servers share. One that counts whole
 * milliseconds, as in WebAssembly, does not say enough
 * (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION).
 */
const IDENTITY = `CASE WHEN extract(microseconds FROM pg_catalog.pg_postmaster_start_time())::bigint % 1000 <> 0 THEN
    concat(quote_ident(n.nspname), '.', quote_ident(c.relname), ' in ', pg_catalog.current_database(),
      ', server started ', pg_catalog.pg_postmaster_start_time()) END`;

const TABLE_QUERY = `
  SELECT c.oid::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind::text,
    pg_catalog.version(), pg_catalog.current_setting('server_encoding'), ${SAMPLE_DIGEST},
    (c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid))::text,
    ${IDENTITY}
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = pg_catalog.to_regclass($1::text)`;

/** Domains down to their base, arrays with their elements, and the key's collations: the columns of one table. */
const COLUMNS_QUERY = `
  WITH RECURSIVE base AS (
    SELECT a.attnum, t.oid, t.typtype, t.typbasetype FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = $1::text::oid AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT b.attnum, t.oid, t.typtype, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.typbasetype
    WHERE b.typtype = 'd'
  ), key AS (
    SELECT k.attnum, k.place, x.indcollation[k.place - 1] AS collation
    FROM pg_index x, unnest(x.indkey) WITH ORDINALITY AS k (attnum, place)
    WHERE x.indrelid = $1::text::oid AND x.indisprimary AND k.place <= x.indnkeyatts
  )
  SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), t.typname, e.typname,
    (coalesce(e.typnamespace, t.typnamespace) = 'pg_catalog'::regnamespace
      AND coalesce(e.typtype, t.typtype) IN ('b', 'r', 'm'))::text,
    (SELECT string_agg(quote_literal(l.enumlabel), ',' ORDER BY l.enumsortorder) FROM pg_enum l
      WHERE l.enumtypid = coalesce(e.oid, t.oid)),
    CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
    (a.attidentity = 'a')::text, k.place::text,
    c.collprovider::text, to_jsonb(c)::text, pg_catalog.pg_collation_actual_version(c.oid),
    c.collisdeterministic::text, to_jsonb(db)::text
  FROM pg_attribute a
  JOIN base b ON b.attnum = a.attnum AND b.typtype <> 'd'
  JOIN pg_type t ON t.oid = b.oid
  LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN key k ON k.attnum = a.attnum
  LEFT JOIN pg_collation c ON c.oid = k.collation
  JOIN pg_database db ON db.datname = pg_catalog.current_database()
  WHERE a.attrelid = $1::text::oid AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attname COLLATE "C"`;

/**
 * Reads the table's columns and key from the server's catalog.
 *
 * @throws ReconcileError `StoreRefusedError` where there is no such table, where it has no primary key, where the database
 *   is not in UTF-8, or where digests of this server would not be those of others
 */
export async function readCatalog(
  queries: SqlQueries,
  { name, table }: Pick<Entity, 'name' | 'table'>,
): Promise<Catalog> {
  const catalog = await readTable(queries, table);
  if (catalog.key.length > 0) return catalog;
  const remedy = `give it one, or set ${name} to false under reconcile.entities`;
  throw refused(`table ${table} of ${name} has no primary key; ${remedy}`);
}

/** The same of a table that need not have a key, such as one of tombstones. */
export async function readTable(queries: SqlQueries, table: string): Promise<Catalog> {
  const [found] = await queries.query(TABLE_QUERY, [quoteTable(table)]);
  if (found === undefined || !TABLE_KINDS.includes(found[2] ?? '')) throw noTable(table, found?.[2]);
  const [oid, quoted, , serverVersion, encoding, digest, hasChildren, identity] = found;
  if (hasChildren === 'true') {
    throw refused(
      `other tables inherit from table ${table}: one key may stand in several of them; make it a partitioned table, or set its entity to false under reconcile.entities`,
    );
  }
  if (digest !== KNOWN_DIGEST) {
    throw refused(
      `the server of table ${table} digests rows in a way of its own (${serverVersion}); allowed: PostgreSQL from 14 on, on processors that have the lower byte first`,
    );
  }
  if (encoding !== 'UTF8') {
    throw refused(
      `the database of table ${table} is in ${encoding}; allowed: UTF8, since texts are compared by its bytes`,
    );
  }
  const columns = (await queries.query(COLUMNS_QUERY, [oid ?? null])).map(toColumn);
  const key = columns
    .filter(({ keyPlace }) => keyPlace !== null)
    .sort((a, b) => Number(a.keyPlace) - Number(b.keyPlace));
  return {
    oid: oid ?? '',
    table: quoted ?? '',
    columns,
    key,
    serverVersion: serverVersion ?? '',
    identity: identity ?? undefined,
  };
}

function noTable(table: string, kind: string | null | undefined): ReconcileError {
  const what = kind === undefined ? 'is not there' : 'is no ordinary or partitioned table';
  return refused(`table ${table} ${what}; give the name of a table, with its schema, under reconcile.entities`);
}

function refused(message: string): ReconcileError {
  return new ReconcileError('StoreRefusedError', message, { source: 'operator' });
}

function toColumn(row: TextRow): CatalogColumn {
  const [name, type, base, element, builtIn, labels, generatedBy, identity, place] = row;
  return {
    name: name ?? '',
    type: type ?? '',
    base: base ?? '',
    element: element ?? null,
    builtIn: builtIn === 'true',
    labels: labels ?? null,
    generatedBy: generatedBy ?? null,
    identity: identity === 'true',
    keyPlace: place == null ? null : Number(place),
    collation: toCollation(row.slice(9)),
  };
}

/** `d` stands for the database's own; what its locale is called depends on the server's version. */
function toCollation([provider, collation, version, deterministic, database]: TextRow): KeyCollation | null {
  if (provider == null) return null;
  const own = JSON.parse((provider === 'd' ? database : collation) ?? '{}') as Readonly<Record<string, string | null>>;
  const names =
    provider === 'd' ? ['datlocale', 'daticulocale', 'datcollate'] : ['colllocale', 'colliculocale', 'collcollate'];
  return {
    provider: provider === 'd' ? (own['datlocprovider'] ?? 'c') : provider,
    locale: names.map((name) => own[name]).find((locale) => locale != null) ?? '',
    version: (provider === 'd' ? own['datcollversion'] : version) ?? null,
    deterministic: deterministic !== 'false',
  };
}
