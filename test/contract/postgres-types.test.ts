import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Table, WHOLE_TABLE } from '../../core/reconcile/table.ts';
import { type LocalPostgres, PGLITE_START_MS, startPglite } from '../_helpers/postgres-pglite.ts';
import { quoteText } from '../_helpers/postgres-sample.ts';
import { entityOf, freshSchemas, tableOf } from '../_helpers/postgres-typed-table.ts';
import { OWN_TYPES, VALUES } from '../_helpers/postgres-values.ts';

let server: LocalPostgres;

beforeAll(async () => {
  server = await startPglite();
  await server.execute(OWN_TYPES);
}, PGLITE_START_MS);
afterAll(() => server.close());

/** A table of one value a row, numbered from 0. */
async function tableOfValues(type: string, values: readonly (string | null)[], schema = 'one'): Promise<Table> {
  await freshSchemas(server, [schema]);
  const rows = values.map((value, id) => `(${id}, ${quoteText(value)}::${type})`);
  await server.execute(
    `CREATE TABLE ${schema}.things (id int PRIMARY KEY, value ${type}, modified_at timestamptz DEFAULT '2026-01-01Z');
    ${rows.length === 0 ? '' : `INSERT INTO ${schema}.things (id, value) VALUES ${rows.join(', ')};`}`,
  );
  return tableOf(server, entityOf(`${schema}.things`));
}

/** The digest that the content of each row has under one and the same key. */
async function digestsUnderOneKey(table: Table, count: number): Promise<readonly string[]> {
  const { rows } = await table.state(Array.from({ length: count }, (_, id) => [String(id)]));
  const byId = rows.toSorted((a, b) => Number(a.key[0]) - Number(b.key[0]));
  return table.digestsOf(byId.map(({ columns }) => ({ ...columns, id: '0' })));
}

describe('the digest of a row', () => {
  it.each(VALUES)('tells different values of $type apart', async ({ type, different }) => {
    const digests = await digestsUnderOneKey(await tableOfValues(type, different), different.length);
    expect(digests).toHaveLength(different.length);
    expect(new Set(digests).size).toBe(different.length);
  });

  it.each(VALUES.filter(({ same }) => same !== undefined))(
    'takes spellings of one value of $type for the same',
    async ({ type, same = [] }) => {
      for (const pair of same) {
        const [one, other] = await digestsUnderOneKey(await tableOfValues(type, pair), 2);
        expect(one, pair.join(' and ')).toBe(other);
      }
    },
  );

  it.each(VALUES)(
    'is that of the row which holds the value of $type, written or still to be',
    async ({ type, different }) => {
      const table = await tableOfValues(type, different);
      const standing = await table.rowDigests(WHOLE_TABLE, 100, 'native');
      const { rows } = await table.state(standing.map(({ key }) => key));
      expect(await table.digestsOf(rows.map(({ columns }) => columns))).toEqual(rows.map(({ digest }) => digest));
      expect(new Set(rows.map(({ digest }) => digest))).toEqual(new Set(standing.map(({ digest }) => digest)));
    },
  );
});

describe('a copied row', () => {
  it.each(VALUES)('loses nothing of a $type', async ({ type, different }) => {
    const from = await tableOfValues(type, different);
    const to = await tableOfValues(type, [], 'other');
    const { rows } = await from.state(different.map((_, id) => [String(id)]));
    const changes = rows.map(({ key, columns, digest }) => ({
      key,
      expected: null,
      columns,
      wanted: digest,
      audit: [],
    }));
    expect(await to.apply(changes)).toEqual(changes.map(() => ({ kind: 'applied' })));
    const text = 'SELECT id::text, value::text FROM';
    const [before, after] = [
      await server.session.query(`${text} one.things`),
      await server.session.query(`${text} other.things`),
    ];
    expect(after.toSorted()).toEqual(before.toSorted());
    expect(await to.digests([WHOLE_TABLE], 'native')).toEqual(await from.digests([WHOLE_TABLE], 'native'));
  });
});
