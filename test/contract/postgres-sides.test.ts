import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPgSession, type PgSession } from '../../adapters/postgres/pg-session.ts';
import { createPostgresTable } from '../../adapters/postgres/postgres-table.ts';
import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import { planRanges } from '../../core/reconcile/plan-ranges.ts';
import type { Table } from '../../core/reconcile/table.ts';
import { startPostgres } from '../../scripts/postgres-server.ts';
import { POSTGRES_START_MS, type RealPostgres, real } from '../_helpers/postgres-real.ts';
import { SKIPS_POSTGRES } from '../_helpers/postgres-required.ts';
import { entityOf, freshSchemas, tableOf } from '../_helpers/postgres-typed-table.ts';
import { localRun, planRequest, reconcile } from '../_helpers/reconcile-tables.ts';

let server: RealPostgres;
const opened: PgSession[] = [];

beforeAll(async () => {
  if (!SKIPS_POSTGRES) server = real(await startPostgres());
}, POSTGRES_START_MS);
afterAll(async () => {
  if (!SKIPS_POSTGRES) await server.close();
});
beforeEach(async () => {
  if (!SKIPS_POSTGRES) await freshSchemas(server, ['one', 'other']);
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(opened.splice(0).map((session) => session.close()));
});

/** A session of our own, which finds names without a schema in this one. */
function sessionIn(schema: string): PgSession {
  const url = new URL(server.url);
  url.searchParams.set('options', `-c search_path=${schema}`);
  const session = createPgSession({ url: url.href });
  opened.push(session);
  return session;
}

function tableIn(schema: string, entity: Entity): Table {
  return createPostgresTable({ entity, session: sessionIn(schema), auditTable: 'switchyard_audit', region: schema });
}

const bothIn = (entity: Entity, schemas: Sides<string>): Sides<Table> => ({
  source: tableIn(schemas.source, entity),
  target: tableIn(schemas.target, entity),
});
const TWO = { source: 'one', target: 'other' };

describe.skipIf(SKIPS_POSTGRES)('the two tables of a comparison', () => {
  const THINGS = 'things (id int PRIMARY KEY, modified_at timestamptz)';
  const ranges = (tables: Sides<Table>) => planRanges(tables, { rowsPerRange: 1_000 });

  it('are refused where each side finds another one by its name, with both', async () => {
    await server.execute(`CREATE TABLE one.${THINGS}; CREATE TABLE other.${THINGS}`);
    const refused = expect(ranges(bothIn(entityOf('things'), TWO))).rejects;
    await refused.toMatchObject({
      name: 'SchemaDriftError',
      context: { differences: ['the table things is one.things in source, other.things in target'] },
    });
  });

  it('are refused where each side finds other tombstones by their name', async () => {
    await server.execute(`CREATE TABLE one.gone (id int, deleted_at timestamptz); CREATE TABLE other.gone (id int, deleted_at timestamptz);
      CREATE TABLE one.${THINGS}; CREATE TABLE other.${THINGS}`);
    const entity = (table: string) => entityOf(table, { tombstones: { table: 'gone', deletedColumn: 'deleted_at' } });
    const tables = { source: tableIn('one', entity('one.things')), target: tableIn('other', entity('other.things')) };
    await expect(ranges(tables)).rejects.toThrow('the table gone is one.gone in source, other.gone in target');
  });

  it('are refused where they are one, which always agrees with itself', async () => {
    await server.execute(`CREATE TABLE one.${THINGS}; CREATE TABLE other.${THINGS}`);
    const one = entityOf('one.things');
    const refused = expect(ranges({ source: tableOf(server, one), target: tableIn('other', one) })).rejects;
    await refused.toMatchObject({
      name: 'PlanRefusedError',
      message: expect.stringContaining('one table of one server (one.things in postgres'),
    });
    const other = tableOf(server, entityOf('other.things'));
    await expect(ranges({ source: tableOf(server, one), target: other })).resolves.toBeDefined();
  });
});

describe.skipIf(SKIPS_POSTGRES)('the time of a write', () => {
  it.each([
    ['timestamptz', `'2026-03-01 11:00:00.000100Z'`, `'2026-03-01 11:00:00.000900Z'`],
    ['timestamp', `'2026-03-01 11:00:00.000100'`, `'2026-03-01 11:00:00.000900'`],
    ['numeric', '1772362800.0001', '1772362800.0009'],
  ])('is known to the microsecond, so that the later of two writes wins: %s', async (type, earlier, later) => {
    const columns = `things (id int PRIMARY KEY, note text, modified_at ${type})`;
    await server.execute(`CREATE TABLE one.${columns}; CREATE TABLE other.${columns};
      INSERT INTO one.things VALUES (1, 'earlier', ${earlier}), (2, 'later', ${later});
      INSERT INTO other.things VALUES (1, 'later', ${later}), (2, 'earlier', ${earlier})`);
    const tables = {
      source: tableOf(server, entityOf('one.things')),
      target: tableOf(server, entityOf('other.things')),
    };
    const entities = [entityOf('things')];
    await reconcile(
      localRun(() => tables),
      planRequest({ entities }),
    );
    for (const schema of ['one', 'other']) {
      expect(await server.session.query(`SELECT DISTINCT note FROM ${schema}.things`)).toEqual([['later']]);
    }
  });
});

describe.skipIf(SKIPS_POSTGRES)('rows that refer to others of their own table', () => {
  it.each([
    ['after', 'i + 1', 150],
    ['before', 'i - 1', 1],
  ])('are all brought over, where what they refer to comes %s them', async (_, parent, root) => {
    for (const schema of ['one', 'other']) {
      await server.execute(
        `CREATE TABLE ${schema}.things (id int PRIMARY KEY, parent int REFERENCES ${schema}.things, modified_at timestamptz)`,
      );
    }
    await server.execute(
      `INSERT INTO one.things SELECT i, CASE WHEN i <> ${root} THEN ${parent} END, '2026-03-01 11:00Z' FROM generate_series(1, 150) AS i`,
    );
    const tables = {
      source: tableOf(server, entityOf('one.things')),
      target: tableOf(server, entityOf('other.things')),
    };
    const report = await reconcile(
      localRun(() => tables),
      planRequest({ entities: [entityOf('things')], rowsPerRange: 1_000 }),
    );
    expect(report).toMatchObject({ clean: true, sections: [{ resolved: 150, unresolved: 0 }] });
  });
});

describe.skipIf(SKIPS_POSTGRES)('a content for a table of very many columns', () => {
  it('is judged like any other: a function of PostgreSQL takes a hundred arguments', async () => {
    const names = Array.from({ length: 150 }, (_, at) => `c${at}`);
    const columns = names.map((name) => `${name} varchar(3)`).join(', ');
    await server.execute(`CREATE TABLE one.things (id int PRIMARY KEY, modified_at timestamptz, ${columns})`);
    const table = tableOf(server, entityOf('one.things'));
    const content = (text: string) => ({
      ...{ id: '1', modified_at: null },
      ...Object.fromEntries(names.map((name) => [name, text])),
    });
    expect(await table.digestsOf([content('abc')])).toHaveLength(1);
    await expect(table.digestsOf([content('abcd')])).rejects.toThrow('cannot hold what it is to have in c0, c1,');
  });
});

/** Stands between a client and the server, and loses everything that is said once it is dark, as a Region does. */
async function startLossyProxy(): Promise<{ readonly url: string; goDark(): void; readonly proxy: Server }> {
  let isDark = false;
  const path = join(new URL(server.url).searchParams.get('host') ?? '', '.s.PGSQL.5432');
  const proxy = createServer((client) => {
    const upstream = connect(path);
    const passOn = (to: Socket) => (data: Buffer) => void (isDark || to.write(data));
    client.on('data', passOn(upstream)).on('error', () => upstream.destroy());
    upstream.on('data', passOn(client)).on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const goDark = (): void => {
    isDark = true;
  };
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, goDark, proxy };
}

describe.skipIf(SKIPS_POSTGRES)('a server that says nothing any more', () => {
  it('is given up once it should have ended the statement, and the next one asks on another connection', async () => {
    const { url, goDark, proxy } = await startLossyProxy();
    const session = createPgSession({ url, statementTimeoutMs: 60_000 });
    await session.query('SELECT 1');
    goDark();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = session.query('SELECT 2').then(
      () => 'it answered',
      (error: Error) => error.message,
    );
    await vi.advanceTimersByTimeAsync(69_000);
    expect(await Promise.race([asked, Promise.resolve('nothing yet')])).toBe('nothing yet');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await asked).toContain('timeout');
    vi.useRealTimers();
    proxy.close();
    await expect(session.query('SELECT 3')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('keeps nobody from leaving', async () => {
    const { url, goDark, proxy } = await startLossyProxy();
    const session = createPgSession({ url });
    await session.query('SELECT 1');
    goDark();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const left = session.close().then(() => 'left');
    await vi.advanceTimersByTimeAsync(2_100);
    expect(await left).toBe('left');
    proxy.close();
  });
});
