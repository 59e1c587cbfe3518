import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { boundaries } from '../../adapters/postgres/boundaries.ts';
import { readCatalog } from '../../adapters/postgres/catalog.ts';
import type { Entity } from '../../core/reconcile/entity.ts';
import { keyId, rangesBetween } from '../../core/reconcile/key.ts';
import { planRanges } from '../../core/reconcile/plan-ranges.ts';
import { type RowVersion, type Table, WHOLE_TABLE } from '../../core/reconcile/table.ts';
import { type LocalPostgres, PGLITE_START_MS, startPglite } from '../_helpers/postgres-pglite.ts';
import { entityOf, freshSchemas, tableOf } from '../_helpers/postgres-typed-table.ts';

let server: LocalPostgres;

beforeAll(async () => {
  server = await startPglite();
  await server.execute(`CREATE TYPE size AS ENUM ('small', 'large', 'huge')`);
}, PGLITE_START_MS);
afterAll(() => server.close());
beforeEach(() => freshSchemas(server, ['one', 'other']));

const MODIFIED = `modified_at timestamptz DEFAULT '2026-03-01Z'`;
const ONE = entityOf('one.things');
const OTHER = entityOf('other.things');

/** Makes the table of one side, and gives its other side the same columns and no row. */
async function makeTables(columns: string, rows = ''): Promise<readonly [Table, Table]> {
  await server.execute(`CREATE TABLE one.things (${columns}); CREATE TABLE other.things (${columns}); ${rows}`);
  return [tableOf(server, ONE), tableOf(server, OTHER)];
}

async function refusal(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'it was not refused',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

describe('the ranges of a table', () => {
  const keys = [
    { what: 'a number with huge gaps', columns: 'a bigint', values: '(i::bigint * i * i * 1000003)' },
    {
      what: 'numbers from one end to the other',
      columns: 'a bigint',
      values: `(CASE WHEN i % 2 = 0 THEN 9223372036854775807 - i ELSE -9223372036854775808 + i END)`,
    },
    { what: 'a uuid', columns: 'a uuid', values: `md5(i::text)::uuid` },
    { what: 'a text', columns: 'a text', values: `(chr(65 + i % 50) || repeat('é', i % 7) || i)` },
    { what: 'a padded text', columns: 'a char(8)', values: `i::text` },
    { what: 'a time', columns: 'a timestamptz', values: `('2026-01-01Z'::timestamptz + i * i * interval '1 us')` },
    { what: 'an exact number', columns: 'a numeric(20,4)', values: `(i / 7.0)` },
    { what: 'a floating-point number', columns: 'a double precision', values: `(exp(i / 3.0))` },
    { what: 'an enum and a number', columns: 'a size, b int', values: `(enum_range(NULL::size))[1 + i % 3], i` },
    {
      what: 'a text, a number and a day',
      columns: 'a text, b int, c date',
      values: `i % 3, i % 50, '2026-01-01'::date + i`,
    },
    { what: 'a truth and a network', columns: 'a bool, b inet', values: `i % 2 = 0, '10.0.0.0'::inet + i` },
    { what: 'bytes', columns: 'a bytea', values: `decode(md5(i::text), 'hex')` },
  ];

  it.each(keys)('hold each row once where the key is $what', async ({ columns, values }) => {
    const names = columns.split(', ').map((column) => column.split(' ')[0]);
    const [table] = await makeTables(
      `${columns}, ${MODIFIED}, PRIMARY KEY (${names.join(', ')})`,
      `INSERT INTO one.things (${names.join(', ')}) SELECT ${values} FROM generate_series(1, 300) AS i;`,
    );
    for (const order of ['native', 'bytes'] as const) {
      const ranges = rangesBetween(WHOLE_TABLE, await table.boundaries(WHOLE_TABLE, 7, order));
      expect(ranges).toHaveLength(7);
      const digests = await table.digests(ranges, order);
      expect(digests.every(({ rows }) => rows >= 40 && rows <= 45)).toBe(true);
      const rows = [];
      for (const range of ranges) rows.push(...(await table.rowDigests(range, 300, order)));
      expect(new Set(rows.map(({ key }) => keyId(key))).size).toBe(300);
      const single = await table.digests([WHOLE_TABLE], order);
      expect(digests.reduce((sum, { digest }) => sum + BigInt(digest), 0n)).toBe(BigInt(single[0]?.digest ?? ''));
      expect((await table.state(rows.map(({ key }) => key))).rows).toHaveLength(300);
    }
  });

  it('are cut by a sample of the blocks where there are many rows', async () => {
    await makeTables(
      `id bigint PRIMARY KEY, note text, ${MODIFIED}`,
      `INSERT INTO one.things SELECT i, repeat('x', 200) FROM generate_series(1, 20000) AS i; ANALYZE one.things;`,
    );
    const catalog = await readCatalog(server.session, ONE);
    const limits = { walkedRows: 1_000, blocksPerPart: 20, largestSamplePercent: 50 };
    const found = await boundaries(server.session, { catalog, range: WHOLE_TABLE, order: 'native', limits }, 4);
    const exact = ['5001', '10001', '15001'];
    expect(found).toHaveLength(exact.length);
    expect(found.flat()).not.toEqual(exact);
    for (const [at, key] of found.entries()) expect(Math.abs(Number(key[0]) - Number(exact[at]))).toBeLessThan(3_000);
  });

  it('lie between their ends, and at none of them', async () => {
    const [table] = await makeTables(
      `id int PRIMARY KEY, ${MODIFIED}`,
      'INSERT INTO one.things SELECT i FROM generate_series(1, 100) AS i;',
    );
    expect(await table.boundaries({ from: ['11'], to: ['51'] }, 4, 'native')).toEqual([['21'], ['31'], ['41']]);
    expect(await table.boundaries({ from: ['11'], to: ['12'] }, 4, 'native')).toEqual([]);
    expect(await table.boundaries({ from: ['11'], to: ['13'] }, 4, 'native')).toEqual([['12']]);
  });
});

describe('a partitioned table', () => {
  it('is compared with one that is not, and repaired in the right partition', async () => {
    await server.execute(`CREATE TABLE one.things (id int PRIMARY KEY, note text, ${MODIFIED}) PARTITION BY RANGE (id);
      CREATE TABLE one.low PARTITION OF one.things FOR VALUES FROM (MINVALUE) TO (100);
      CREATE TABLE one.high PARTITION OF one.things FOR VALUES FROM (100) TO (MAXVALUE);
      CREATE TABLE other.things (id int PRIMARY KEY, note text, ${MODIFIED});
      INSERT INTO one.things SELECT i, 'x' FROM generate_series(1, 200) AS i;
      INSERT INTO other.things SELECT i, 'x' FROM generate_series(1, 201) AS i; ANALYZE one.things;`);
    const [parted, plain] = [tableOf(server, ONE), tableOf(server, OTHER)];
    expect(await copy(plain, parted, [['50'], ['150'], ['201']])).toEqual(['already', 'already', 'applied']);
    expect(await parted.digests([WHOLE_TABLE], 'native')).toEqual(await plain.digests([WHOLE_TABLE], 'native'));
    expect(await parted.boundaries(WHOLE_TABLE, 3, 'native')).toEqual([['68'], ['135']]);
    const catalog = await readCatalog(server.session, ONE);
    const limits = { walkedRows: 50, blocksPerPart: 1, largestSamplePercent: 1_000 };
    const sampled = await boundaries(server.session, { catalog, range: WHOLE_TABLE, order: 'native', limits }, 2);
    expect(sampled).toHaveLength(1);
  });
});

describe('a table that cannot be compared', () => {
  it.each([
    { what: 'is not there', make: '', message: 'table one.things is not there' },
    {
      what: 'is a view',
      make: 'CREATE VIEW one.things AS SELECT 1 AS id;',
      message: 'is no ordinary or partitioned table',
    },
    {
      what: 'has no primary key',
      make: `CREATE TABLE one.things (id int UNIQUE, ${MODIFIED});`,
      message: 'has no primary key',
    },
    {
      what: 'has columns that only its own server understands',
      make: `CREATE TABLE one.things (id int PRIMARY KEY, file oid, note text, seen xid8[], ${MODIFIED});`,
      message: 'file (oid), seen (xid8[]); name them under reconcile.entities.things.ignoredColumns',
    },
    {
      what: 'has such a column as its key, which cannot be ignored',
      make: `CREATE TABLE one.things (file oid PRIMARY KEY, ${MODIFIED});`,
      message: 'file (oid); give the table another key',
    },
    {
      what: 'does not say when a row was written',
      make: 'CREATE TABLE one.things (id int PRIMARY KEY);',
      message: 'has no column "modified_at"',
    },
    {
      what: 'says it in no time',
      make: 'CREATE TABLE one.things (id int PRIMARY KEY, modified_at text);',
      message: 'modified_at of things is a text',
    },
  ])('is refused where it $what', async ({ make, message }) => {
    await server.execute(make);
    const said = await refusal(tableOf(server, ONE).shape());
    expect(said).toMatch(/^StoreRefusedError: /);
    expect(said).toContain(message);
  });

  it('is refused where its server would give every row another digest', async () => {
    await makeTables(`id int PRIMARY KEY, ${MODIFIED}`);
    const query: LocalPostgres['session']['query'] = async (text, values) =>
      server.session.query(text.replace("'sample'", "'another'"), values);
    const other = { ...server, session: { ...server.session, query } };
    expect(await refusal(tableOf(other, ONE).shape())).toMatch(
      /^StoreRefusedError: .*in a way of its own \(PostgreSQL/,
    );
  });

  it('is refused with every difference where the two sides are not alike', async () => {
    await server.execute(`CREATE TABLE one.things (id int PRIMARY KEY, a numeric(12,2), b text, c size,
        d int GENERATED ALWAYS AS (id + 1) STORED, ${MODIFIED});
      CREATE TYPE other.size AS ENUM ('small', 'large');
      CREATE TABLE other.things (id bigint, a numeric(12,3), c other.size, e int,
        d int GENERATED ALWAYS AS (id::int + 2) STORED, ${MODIFIED}, PRIMARY KEY (id, e));`);
    const tables = { source: tableOf(server, ONE), target: tableOf(server, OTHER) };
    const said = await refusal(planRanges(tables, { rowsPerRange: 1_000 }));
    expect(said).toMatch(/^SchemaDriftError: /);
    for (const part of [
      'the key is (id) in source, (id, e) in target',
      'column a is numeric(12,2) in source, numeric(12,3) in target',
      'column b (text) is missing in target',
      `column c is size('small','large','huge') in source, other.size('small','large') in target`,
      'column d is integer generated always as ((id + 1)) in source, integer generated always as (((id)::integer + 2)) in target',
      'column e (integer) is missing in source',
      'column id is integer in source, bigint in target',
    ]) {
      expect(said).toContain(part);
    }
  });

  it('is compared without the columns that are to be ignored', async () => {
    const ignoring: Partial<Entity> = { ignoredColumns: ['file', 'only_here'] };
    await server.execute(`CREATE TABLE one.things (id int PRIMARY KEY, file oid, only_here text, ${MODIFIED});
      CREATE TABLE other.things (id int PRIMARY KEY, file oid, ${MODIFIED});
      INSERT INTO one.things VALUES (1, 7, 'x'), (2, 8, 'y'); INSERT INTO other.things VALUES (1, 9);`);
    const source = tableOf(server, entityOf('one.things', ignoring));
    const target = tableOf(server, entityOf('other.things', ignoring));
    expect((await planRanges({ source, target }, { rowsPerRange: 10 })).shape.columns).toHaveLength(2);
    expect(await copy(source, target, [['1'], ['2']])).toEqual(['already', 'applied']);
    expect(await copy(target, source, [['1'], ['2']])).toEqual(['already', 'already']);
    expect(await server.session.query('SELECT id::text, file::text FROM other.things ORDER BY id')).toEqual([
      ['1', '9'],
      ['2', '8'],
    ]);
  });
});

/** Brings rows of one table into the other, whatever stands there. */
async function copy(from: Table, to: Table, keys: readonly (readonly string[])[]): Promise<readonly string[]> {
  const { rows } = await from.state(keys);
  const standing = new Map((await to.state(keys)).rows.map((row) => [keyId(row.key), row.digest]));
  const changes = rows.map((row: RowVersion) => ({
    key: row.key,
    expected: standing.get(keyId(row.key)) ?? null,
    columns: row.columns,
    wanted: row.digest,
    audit: [],
  }));
  const outcomes = await to.apply(changes);
  return outcomes.map((outcome) => (outcome.kind === 'refused' ? `refused: ${outcome.reason}` : outcome.kind));
}

describe('a repair', () => {
  it('writes whatever names a table and its columns have', async () => {
    const columns = `"c0" int, "u" text, "t" text, "n" int, "Größe ""x""" text, "select" text, ${MODIFIED}, PRIMARY KEY ("n", "c0")`;
    await server.execute(`CREATE TABLE one."We""ird" (${columns}); CREATE TABLE other."We""ird" (${columns});
      INSERT INTO one."We""ird" VALUES (1, 'a', 'b', 2, 'c', 'd'), (2, 'a', 'b', 1, 'c', NULL);`);
    const [from, to] = [tableOf(server, entityOf('one.We"ird')), tableOf(server, entityOf('other.We"ird'))];
    const keys = [
      ['2', '1'],
      ['1', '2'],
    ];
    expect(await copy(from, to, keys)).toEqual(['applied', 'applied']);
    await server.execute(`UPDATE one."We""ird" SET "select" = 'e', "u" = NULL`);
    expect(await copy(from, to, keys)).toEqual(['applied', 'applied']);
    expect(await to.digests([WHOLE_TABLE], 'native')).toEqual(await from.digests([WHOLE_TABLE], 'native'));
  });

  it('keeps the numbers that the other server gave, and leaves computed columns to the server', async () => {
    const [from, to] = await makeTables(
      `id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED, ${MODIFIED}`,
      'INSERT INTO one.things (a) VALUES (5), (6);',
    );
    expect(await copy(from, to, [['1'], ['2']])).toEqual(['applied', 'applied']);
    await server.execute('UPDATE one.things SET a = 7 WHERE id = 1');
    expect(await copy(from, to, [['1']])).toEqual(['applied']);
    expect(await server.session.query('SELECT id::text, b::text FROM other.things ORDER BY id')).toEqual([
      ['1', '14'],
      ['2', '12'],
    ]);
  });

  it('names the constraint that refuses a row, and makes every other one', async () => {
    const [from, to] = await makeTables(
      `id int PRIMARY KEY, code text, ${MODIFIED}`,
      `CREATE UNIQUE INDEX things_code ON other.things (lower(code));
      INSERT INTO one.things SELECT i, CASE WHEN i = 5 THEN 'C4' ELSE 'c' || i END FROM generate_series(1, 9) AS i;`,
    );
    const outcomes = await copy(
      from,
      to,
      Array.from({ length: 9 }, (_, at) => [String(at + 1)]),
    );
    expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(8);
    expect(outcomes.filter((outcome) => outcome !== 'applied')).toEqual([expect.stringContaining('things_code')]);
  });

  it('is refused where a trigger writes another row than was planned, unless the trigger stands aside', async () => {
    const [from, to] = await makeTables(
      `id int PRIMARY KEY, note text, ${MODIFIED}`,
      `INSERT INTO one.things VALUES (1, 'a');
      CREATE FUNCTION other.touch() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN NEW.modified_at := ''2030-01-01Z''; RETURN NEW; END';
      CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON other.things FOR EACH ROW EXECUTE FUNCTION other.touch();`,
    );
    expect(await copy(from, to, [['1']])).toEqual([expect.stringContaining('look for a trigger that changes it')]);
    expect((await to.state([['1']])).rows).toEqual([]);
    await server.execute(`DROP TRIGGER touch ON other.things;
      CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON other.things FOR EACH ROW
        WHEN (current_setting('switchyard.repairing', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION other.touch();`);
    expect(await copy(from, to, [['1']])).toEqual(['applied']);
  });

  it('is refused where a trigger keeps the row out', async () => {
    const [from, to] = await makeTables(
      `id int PRIMARY KEY, ${MODIFIED}`,
      `INSERT INTO one.things VALUES (1);
      CREATE FUNCTION other.drop_it() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER drop_it BEFORE INSERT ON other.things FOR EACH ROW EXECUTE FUNCTION other.drop_it();`,
    );
    expect(await copy(from, to, [['1']])).toEqual([expect.stringContaining('the table did not take it')]);
  });

  it('is refused where another table still refers to the row, and keeps no version of what is still there', async () => {
    const [from] = await makeTables(
      `id int PRIMARY KEY, ${MODIFIED}`,
      `INSERT INTO one.things VALUES (1), (2); CREATE TABLE one.lines (thing int REFERENCES one.things);
      INSERT INTO one.lines VALUES (1);`,
    );
    await from.prepareAudit();
    const { rows } = await from.state([['1'], ['2']]);
    const removals = rows.map((version) => ({
      key: version.key,
      expected: version.digest,
      columns: null,
      wanted: null,
      audit: [
        { planId: 'p', entity: 'things', key: version.key, region: 'r', version, reason: 'x', recordedAtEpochMs: 0 },
      ],
    }));
    const outcomes = await from.apply(removals);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['applied', 'refused']);
    expect(await server.session.query('SELECT row_key::text FROM one.switchyard_audit')).toEqual([['["2"]']]);
  });

  it('writes nothing through a session outside of a repair', async () => {
    const [table] = await makeTables(`id int PRIMARY KEY, ${MODIFIED}`);
    await table.shape();
    await expect(server.session.query('INSERT INTO one.things VALUES (1)')).rejects.toMatchObject({ code: '25006' });
  });
});

describe('what a merge function gives', () => {
  it.each([
    { what: 'is too exact for its column', columns: { amount: '1.005' }, message: 'cannot hold' },
    { what: 'is too long for its column', columns: { code: 'abcdef' }, message: 'cannot hold' },
    { what: 'is no number', columns: { amount: 'much' }, message: 'invalid input syntax' },
    { what: 'has a column that the table has not', columns: { colour: 'red' }, message: 'has colour' },
    { what: 'leaves out a column', columns: { amount: undefined }, message: 'leaves out amount' },
  ])('is refused where it $what', async ({ columns, message }) => {
    const [table] = await makeTables(`id int PRIMARY KEY, amount numeric(12,2), code varchar(5), ${MODIFIED}`);
    const whole: Record<string, string | null | undefined> = {
      id: '1',
      amount: '1',
      code: 'abcde',
      modified_at: null,
      ...columns,
    };
    const content = Object.fromEntries(
      Object.entries(whole).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const said = await refusal(table.digestsOf([content]));
    expect(said).toMatch(/^StoreRefusedError: /);
    expect(said).toContain(message);
  });
});
