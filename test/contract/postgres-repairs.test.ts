import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { keyId } from '../../core/reconcile/key.ts';
import { type ChangeOutcome, type Key, type RowChange, type Table, WHOLE_TABLE } from '../../core/reconcile/table.ts';
import { type LocalPostgres, PGLITE_START_MS, startPglite } from '../_helpers/postgres-pglite.ts';
import { entityOf, freshSchemas, tableOf } from '../_helpers/postgres-typed-table.ts';

let server: LocalPostgres;

beforeAll(async () => {
  server = await startPglite();
}, PGLITE_START_MS);
afterAll(() => server.close());
beforeEach(() => freshSchemas(server, ['one', 'other']));

const MODIFIED = 'modified_at timestamptz';
const ONE = entityOf('one.things');
const OTHER = entityOf('other.things');

/** Makes the table on both sides, and runs the rest. */
async function makeTables(columns: string, rest = ''): Promise<{ readonly from: Table; readonly to: Table }> {
  await server.execute(`CREATE TABLE one.things (${columns}); CREATE TABLE other.things (${columns}); ${rest}`);
  return { from: tableOf(server, ONE), to: tableOf(server, OTHER) };
}

/** Changes that bring rows of one table into the other, whatever stands there. */
async function puts(from: Table, to: Table, keys: readonly Key[]): Promise<readonly RowChange[]> {
  const standing = new Map((await to.state(keys)).rows.map((row) => [keyId(row.key), row.digest]));
  return (await from.state(keys)).rows.map(({ key, columns, digest }) => ({
    key,
    columns,
    expected: standing.get(keyId(key)) ?? null,
    wanted: digest,
    audit: [],
  }));
}

/** Changes that delete rows, with a version each for the audit. */
async function removals(table: Table, keys: readonly Key[]): Promise<readonly RowChange[]> {
  const audited = { planId: 'p', entity: 'things', region: 'r', reason: 'x', recordedAtEpochMs: 0 };
  return (await table.state(keys)).rows.map((version) => {
    const { key, digest } = version;
    return { key, expected: digest, columns: null, wanted: null, audit: [{ ...audited, key, version }] };
  });
}

function told(outcomes: readonly ChangeOutcome[]): readonly string[] {
  return outcomes.map((outcome) => (outcome.kind === 'refused' ? `refused: ${outcome.reason}` : outcome.kind));
}

const rowsOf = (sql: string): Promise<readonly (readonly (string | null)[])[]> => server.session.query(sql);

describe('a repair that would change rows of another table', () => {
  it.each(['CASCADE', 'SET NULL', 'SET DEFAULT'])('by ON DELETE %s is refused while they stand', async (action) => {
    const { from } = await makeTables(
      `id int PRIMARY KEY, ${MODIFIED}`,
      `INSERT INTO one.things VALUES (7), (8);
      CREATE TABLE one.orders (id int PRIMARY KEY, customer int DEFAULT NULL REFERENCES one.things ON DELETE ${action});
      INSERT INTO one.orders VALUES (99, 7);`,
    );
    await from.prepareAudit();
    expect(told(await from.apply(await removals(from, [['7'], ['8']])))).toEqual([
      expect.stringMatching(
        `^refused: rows of one.orders refer to it .* [(]orders_customer_fkey ON DELETE ${action}[)]`,
      ),
      'applied',
    ]);
    expect(await rowsOf('SELECT id::text, customer::text FROM one.orders')).toEqual([['99', '7']]);
    expect(await rowsOf('SELECT row_key::text FROM one.switchyard_audit')).toEqual([['["8"]']]);
    await server.execute('DELETE FROM one.orders');
    expect(told(await from.apply(await removals(from, [['7']])))).toEqual(['applied']);
  });

  it('is refused where a partition is what they refer to', async () => {
    await server.execute(`CREATE TABLE one.things (id int PRIMARY KEY, ${MODIFIED}) PARTITION BY RANGE (id);
      CREATE TABLE one.low PARTITION OF one.things FOR VALUES FROM (MINVALUE) TO (100);
      CREATE TABLE one.orders (customer int REFERENCES one.low ON DELETE CASCADE);
      INSERT INTO one.things VALUES (7); INSERT INTO one.orders VALUES (7);`);
    const table = tableOf(server, ONE);
    await table.prepareAudit();
    expect(told(await table.apply(await removals(table, [['7']])))[0]).toContain('ON DELETE CASCADE');
    expect(await rowsOf('SELECT customer::text FROM one.orders')).toEqual([['7']]);
  });

  it('is made where it deletes a row together with all that refer to it', async () => {
    const { from } = await makeTables(
      `id int PRIMARY KEY, parent int, ${MODIFIED}`,
      `ALTER TABLE one.things ADD FOREIGN KEY (parent) REFERENCES one.things ON DELETE CASCADE;
      INSERT INTO one.things VALUES (1, NULL), (2, 1), (3, 2), (4, NULL), (5, 4);`,
    );
    await from.prepareAudit();
    expect(told(await from.apply(await removals(from, [['1'], ['2'], ['3'], ['4']])))).toEqual([
      'applied',
      'applied',
      'applied',
      expect.stringContaining('refused: rows of one.things refer to it'),
    ]);
    expect(await rowsOf('SELECT id::text FROM one.things ORDER BY id')).toEqual([['4'], ['5']]);
  });

  it('by ON UPDATE CASCADE is refused where the value changes that they refer to', async () => {
    const { from, to } = await makeTables(
      `id int PRIMARY KEY, code text UNIQUE, note text, ${MODIFIED}`,
      `INSERT INTO one.things VALUES (1, 'new', 'x'), (2, 'b', 'new'); INSERT INTO other.things VALUES (1, 'a', 'x'), (2, 'b', 'x');
      CREATE TABLE other.lines (code text REFERENCES other.things (code) ON UPDATE CASCADE);
      INSERT INTO other.lines VALUES ('a'), ('b');`,
    );
    expect(told(await to.apply(await puts(from, to, [['1'], ['2']])))).toEqual([
      expect.stringContaining('lines_code_fkey ON UPDATE CASCADE'),
      'applied',
    ]);
    expect(await rowsOf('SELECT code FROM other.lines ORDER BY code')).toEqual([['a'], ['b']]);
  });
});

describe('a repair by a key that is spelled in several ways', () => {
  it.each([
    { type: 'numeric(12,2)', keys: "'45.10', '100.00', '7'" },
    { type: 'numeric', keys: "'45.10', '100', '0.000'" },
    { type: 'float8', keys: "'-0', '1e3', '0.1'" },
    { type: 'char(5)', keys: "'a', 'b ', 'c'" },
  ])('updates rows where it is a $type', async ({ type, keys }) => {
    const { from, to } = await makeTables(
      `id ${type} PRIMARY KEY, note text, ${MODIFIED}`,
      `INSERT INTO one.things SELECT k::${type}, 'new' FROM unnest(ARRAY[${keys}]) AS k;
      INSERT INTO other.things SELECT k::${type}, 'old' FROM unnest(ARRAY[${keys}]) AS k;`,
    );
    const all = (await from.rowDigests(WHOLE_TABLE, 9, 'native')).map(({ key }) => key);
    expect(all).toHaveLength(3);
    expect(told(await to.apply(await puts(from, to, all)))).toEqual(['applied', 'applied', 'applied']);
    expect(await rowsOf('SELECT id::text, note FROM other.things ORDER BY id')).toEqual(
      await rowsOf('SELECT id::text, note FROM one.things ORDER BY id'),
    );
  });
});

describe('an ignored column', () => {
  const ignoring = { ignoredColumns: ['seen'] };
  const COLUMNS = `id int PRIMARY KEY, note text, seen text, ${MODIFIED}`;
  const seen = () => rowsOf('SELECT id::text, note, seen FROM other.things ORDER BY id');

  it('stays as it is where a row is updated, and comes along where it is inserted', async () => {
    await makeTables(
      COLUMNS,
      `INSERT INTO one.things VALUES (1, 'new', 'source'), (2, 'new', 'source'); INSERT INTO other.things VALUES (1, 'old', 'before')`,
    );
    const [from, to] = [tableOf(server, { ...ONE, ...ignoring }), tableOf(server, { ...OTHER, ...ignoring })];
    const changes = await puts(from, to, [['1'], ['2']]);
    await server.execute(`UPDATE other.things SET seen = 'written meanwhile'`);
    expect(told(await to.apply(changes))).toEqual(['applied', 'applied']);
    expect(await seen()).toEqual([
      ['1', 'new', 'written meanwhile'],
      ['2', 'new', 'source'],
    ]);
  });

  it('is kept as it is in the moment in which its row is deleted', async () => {
    await makeTables(COLUMNS, `INSERT INTO other.things VALUES (1, 'old', 'before')`);
    const to = tableOf(server, { ...OTHER, ...ignoring });
    await to.prepareAudit();
    const changes = await removals(to, [['1']]);
    await server.execute(`UPDATE other.things SET seen = 'written meanwhile'`);
    expect(told(await to.apply(changes))).toEqual(['applied']);
    expect(await rowsOf(`SELECT content ->> 'seen', content ->> 'note' FROM other.switchyard_audit`)).toEqual([
      ['written meanwhile', 'old'],
    ]);
  });
});

describe('the numbers that a server gives', () => {
  /** The number that the application is given next. */
  async function next(): Promise<number> {
    await server.session.transaction(({ query }) => query('INSERT INTO other.things (note) VALUES (NULL)'));
    return Number((await rowsOf('SELECT id::text FROM other.things WHERE note IS NULL'))[0]?.[0]);
  }

  const ways = [
    { what: 'a serial column', id: 'bigserial' },
    { what: 'an identity column', id: 'bigint GENERATED ALWAYS AS IDENTITY' },
    { what: 'a default that draws from a sequence of nobody', id: `bigint DEFAULT nextval('numbers')` },
    {
      what: 'an identity column whose numbers are taken by twenty',
      id: 'int GENERATED BY DEFAULT AS IDENTITY (CACHE 20)',
    },
  ];

  it.each(ways)('go on past those of a repair: $what', async ({ id }) => {
    await server.execute('DROP SEQUENCE IF EXISTS numbers CASCADE; CREATE SEQUENCE numbers');
    const { from, to } = await makeTables(`id ${id} PRIMARY KEY, note text, ${MODIFIED}`);
    for (const [highest, keys] of [
      [3, [['1'], ['3']]],
      [400, [['400']]],
      [1_000_000, [['1000000']]],
    ] as const) {
      for (const [key] of keys) {
        await server.execute(`INSERT INTO one.things OVERRIDING SYSTEM VALUE VALUES (${key}, 'x')`);
      }
      expect(told(await to.apply(await puts(from, to, keys)))).toEqual(keys.map(() => 'applied'));
      const given = await next();
      expect(given).toBeGreaterThan(highest);
      expect(given).toBeLessThanOrEqual(highest + 41);
      await server.execute('DELETE FROM other.things WHERE note IS NULL');
    }
  });

  it('are never set back, and keep to the numbers of their Region', async () => {
    const { from, to } = await makeTables(
      `id int GENERATED BY DEFAULT AS IDENTITY (START 1 INCREMENT 2) PRIMARY KEY, note text, ${MODIFIED}`,
      `INSERT INTO one.things VALUES (8, 'x'), (20000000, 'x'), (2, 'x');`,
    );
    expect(told(await to.apply(await puts(from, to, [['8']])))).toEqual(['applied']);
    expect(await next()).toBe(9);
    await server.execute('DELETE FROM other.things WHERE note IS NULL');
    expect(told(await to.apply(await puts(from, to, [['20000000']])))).toEqual(['applied']);
    expect(told(await to.apply(await puts(from, to, [['2']])))).toEqual(['applied']);
    expect(await next()).toBe(20_000_001);
  });

  it('end where their sequence ends, and run down where it does', async () => {
    const { from, to } = await makeTables(
      `id int GENERATED BY DEFAULT AS IDENTITY (START -1 INCREMENT -1 MINVALUE -10) PRIMARY KEY, note text, ${MODIFIED}`,
      `INSERT INTO one.things VALUES (-5, 'x'), (-100, 'x'), (100, 'x');`,
    );
    expect(told(await to.apply(await puts(from, to, [['-5'], ['100']])))).toEqual(['applied', 'applied']);
    expect(await next()).toBe(-6);
    expect(told(await to.apply(await puts(from, to, [['-100']])))).toEqual(['applied']);
    await expect(next()).rejects.toMatchObject({ code: '2200H' });
  });

  it('are asked about before anything is repaired, where the role may not move them', async () => {
    const { to } = await makeTables(`id bigserial PRIMARY KEY, ${MODIFIED}`);
    await server.execute(`DROP ROLE IF EXISTS repairer; CREATE ROLE repairer; GRANT ALL ON SCHEMA other TO repairer;
      GRANT ALL ON other.things TO repairer; GRANT SELECT ON SEQUENCE other.things_id_seq TO repairer`);
    await server.session.query('SET ROLE repairer');
    try {
      await expect(to.prepareAudit()).rejects.toThrow('GRANT SELECT, UPDATE ON SEQUENCE other.things_id_seq');
    } finally {
      await server.session.query('RESET ROLE');
    }
    await expect(to.prepareAudit()).resolves.toBeUndefined();
    await server.execute('DROP OWNED BY repairer; DROP ROLE repairer');
  });
});

describe('a table from which others inherit', () => {
  it('is refused, since one key may stand in several of them', async () => {
    await makeTables(`id int PRIMARY KEY, ${MODIFIED}`, 'CREATE TABLE one.child () INHERITS (one.things);');
    await expect(tableOf(server, ONE).shape()).rejects.toThrow('other tables inherit from table one.things');
    await expect(tableOf(server, OTHER).shape()).resolves.toMatchObject({ key: ['id'] });
  });
});

describe('json that jsonb cannot hold', () => {
  it.each([
    { what: 'the character of no code', value: String.raw`{"a": "\u0000"}` },
    { what: 'half of a pair', value: String.raw`{"a": "\uD83D"}` },
    { what: 'a number that is too large', value: '[1e400000]' },
    { what: 'a number of too many digits', value: `[${'9'.repeat(140_000)}]` },
  ])('is compared as it is spelled, and repaired: $what', async ({ value }) => {
    const { from, to } = await makeTables(
      `id int PRIMARY KEY, doc json, docs json[], ${MODIFIED}`,
      `INSERT INTO one.things VALUES (1, '${value}', ARRAY['${value}'::json]), (2, '{"a":1}', ARRAY['[ 1 ]'::json]);
      INSERT INTO other.things VALUES (2, '{ "a" : 1 }', ARRAY['[1]'::json]);`,
    );
    expect(told(await to.apply(await puts(from, to, [['1'], ['2']])))).toEqual(['applied', 'already']);
    expect(await to.digests([WHOLE_TABLE], 'native')).toEqual(await from.digests([WHOLE_TABLE], 'native'));
    await server.execute(`UPDATE other.things SET doc = '{"a": "b"}' WHERE id = 1`);
    expect(await to.digests([WHOLE_TABLE], 'native')).not.toEqual(await from.digests([WHOLE_TABLE], 'native'));
  });
});

describe('what rows say', () => {
  const SECRET = 'ada@example.com';
  const message = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => 'it was not refused',
      (error: Error) =>
        `${error.message} ${JSON.stringify(error.cause ?? {}, Object.getOwnPropertyNames(error.cause ?? {}))}`,
    );

  it.each([
    { column: 'short varchar(5)', says: 'in short:' },
    { column: 'short int', says: 'invalid input syntax' },
    { column: 'short date', says: 'invalid input syntax' },
  ])('is in no error about a merged row: $column', async ({ column, says }) => {
    const { to } = await makeTables(`id int PRIMARY KEY, ${column}, ${MODIFIED}`);
    const said = await message(to.digestsOf([{ id: '1', short: SECRET, modified_at: null }]));
    expect(said).toContain(says);
    expect(said).not.toContain(SECRET);
  });

  it('is in no reason why a row was refused', async () => {
    const { from, to } = await makeTables(
      `id int PRIMARY KEY, note text, ${MODIFIED}`,
      `INSERT INTO one.things VALUES (1, '${SECRET}'), (2, '${SECRET}'), (3, '2');
      CREATE FUNCTION other.look() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN IF NEW.id = 1 THEN RAISE EXCEPTION ''no mail to %'', NEW.note; ELSE PERFORM NEW.note::int; END IF; RETURN NEW; END';
      CREATE TRIGGER look BEFORE INSERT ON other.things FOR EACH ROW EXECUTE FUNCTION other.look();`,
    );
    const reasons = told(await to.apply(await puts(from, to, [['1'], ['2'], ['3']])));
    expect(reasons).toEqual([
      expect.stringMatching(/refused: a function of the database refuses it \(other\.look\(\)\) \[P0001\]/),
      expect.stringMatching(/refused: invalid input syntax .*\(other\.look\(\)\) \[22P02\]/),
      'applied',
    ]);
    expect(reasons.join()).not.toContain(SECRET);
  });
});
