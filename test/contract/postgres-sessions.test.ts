import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLazySession } from '../../adapters/postgres/lazy-session.ts';
import { createPgSession, type PgSession } from '../../adapters/postgres/pg-session.ts';
import { WHOLE_TABLE } from '../../core/reconcile/table.ts';
import { BUNDLING } from '../../lib/bundle-functions.ts';
import { startPostgres } from '../../scripts/postgres-server.ts';
import { POSTGRES_START_MS, type RealPostgres, real } from '../_helpers/postgres-real.ts';
import { SKIPS_POSTGRES } from '../_helpers/postgres-required.ts';
import { entityOf, freshSchemas, tableOf } from '../_helpers/postgres-typed-table.ts';

let server: RealPostgres;

beforeAll(async () => {
  if (!SKIPS_POSTGRES) server = real(await startPostgres());
}, POSTGRES_START_MS);
afterAll(async () => {
  if (!SKIPS_POSTGRES) await server.close();
});

describe.skipIf(SKIPS_POSTGRES)('a session with a PostgreSQL server', () => {
  const outcome = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => 'it answered',
      (error: Error) => `${error.name}: ${error.message}`,
    );

  async function withTable<Result>(url: string, use: (session: PgSession) => Promise<Result>): Promise<Result> {
    await freshSchemas(server, ['one']);
    await server.execute(`CREATE TABLE one.things (id int PRIMARY KEY, modified_at timestamptz)`);
    const session = createPgSession({ url, statementTimeoutMs: 300 });
    try {
      return await use(session);
    } finally {
      await session.close();
    }
  }
  const things = (session: PgSession) => tableOf({ ...server, session }, entityOf('one.things'));

  it('gives the same texts in a bundle, where nothing makes values of them', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'switchyard-session-'));
    try {
      await build({ ...BUNDLING, entryPoints: ['adapters/postgres/pg-session.ts'], outdir });
      const bundled: typeof import('../../adapters/postgres/pg-session.ts') = await import(
        join(outdir, 'pg-session.mjs')
      );
      const texts = `SELECT 1::text, true::text, now()::date::text, ARRAY[1, 2]::text, 12.50::text, NULL::text, '\\x61'::bytea::text`;
      const answers = await Promise.all(
        [bundled, { createPgSession }].map(async (module) => {
          const session = module.createPgSession({ url: server.url });
          const rows = await session.transaction(({ query }) => query(texts));
          await session.close();
          return rows;
        }),
      );
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]?.[0]?.slice(3)).toEqual(['{1,2}', '12.50', null, '\\x61']);
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });

  it('waits for any statement where it has no longest time', async () => {
    const session = createPgSession({ url: server.url, statementTimeoutMs: 0 });
    try {
      await session.query('SELECT 1');
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const slow = session.query("SELECT 'done' FROM pg_sleep(0.2)");
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(await slow).toEqual([['done']]);
    } finally {
      vi.useRealTimers();
      await session.close();
    }
  });

  it('goes on with another connection after its own was lost', () =>
    withTable(server.url, async (session) => {
      const table = things(session);
      await table.shape();
      const [pid] = await session.query('SELECT pg_backend_pid()::text');
      const busy = outcome(session.query('SELECT pg_sleep(10)'));
      await server.execute(`SELECT pg_terminate_backend(${pid?.[0]})`);
      expect(await busy).toMatch(/terminat/);
      expect(await table.digests([WHOLE_TABLE], 'native')).toEqual([{ rows: 0, digest: '0' }]);
    }));

  it('reports no transaction done whose connection was lost before it was committed', () =>
    withTable(server.url, async (session) => {
      const lost = outcome(
        session.transaction(async ({ query }) => {
          const [pid] = await query('SELECT pg_backend_pid()::text');
          await query('INSERT INTO one.things VALUES (1)');
          await server.execute(`SELECT pg_terminate_backend(${pid?.[0]}, 5000)`);
          await setTimeout(100);
        }),
      );
      expect(await lost).toMatch(/connection|terminat/i);
      expect(await session.query('SELECT id::text FROM one.things')).toEqual([]);
    }));

  it('runs no further statement of a lost transaction on another connection', () =>
    withTable(server.url, async (session) => {
      const said: string[] = [];
      const lost = outcome(
        session.transaction(async ({ query }) => {
          const [pid] = await query('SELECT pg_backend_pid()::text');
          await server.execute(`SELECT pg_terminate_backend(${pid?.[0]}, 5000)`);
          await setTimeout(100);
          said.push(await outcome(query('SELECT 1')));
        }),
      );
      expect(await lost).not.toBe('it answered');
      expect(said).toEqual([expect.stringMatching(/connection|terminat/i)]);
    }));

  it('opens no other connection once it is closed, whatever is still asked', async () => {
    const session = createPgSession({ url: server.url });
    const first = session.query('SELECT 1::text');
    const closed = session.close();
    expect(await first).toEqual([['1']]);
    const late = [session.query('SELECT 1'), session.transaction(({ query }) => query('SELECT 1'))].map(outcome);
    await closed;
    expect(await Promise.all(late)).toEqual(Array(2).fill('Error: the session with the database is closed'));
  });

  it('reports no transaction done that the server gave up', () =>
    withTable(server.url, async (session) => {
      const given = outcome(
        session.transaction(async ({ query }) => {
          await query('INSERT INTO one.things VALUES (1)');
          await query('SELECT 1 / 0').catch(() => undefined);
        }),
      );
      expect(await given).toContain('answered COMMIT with ROLLBACK');
      expect(await session.query('SELECT id::text FROM one.things')).toEqual([]);
    }));

  it('leaves no connection behind where the server takes it and then refuses the settings', () =>
    withTable(server.url, async (session) => {
      const refused = createPgSession({ url: server.url, statementTimeoutMs: -7 });
      for (let turn = 0; turn < 3; turn += 1) expect(await outcome(refused.query('SELECT 1'))).toContain('-7');
      await setTimeout(200);
      const [open] = await session.query(
        `SELECT count(*)::text FROM pg_stat_activity WHERE application_name = 'switchyard reconcile' AND query LIKE '%-7%' AND pid <> pg_backend_pid()`,
      );
      expect(open).toEqual(['0']);
    }));

  it('refuses the row alone that somebody keeps locked, and waits once for it', () =>
    withTable(server.url, async (session) => {
      await server.execute('INSERT INTO one.things SELECT i FROM generate_series(1, 40) AS i');
      const patient = createPgSession({ url: server.url });
      try {
        const table = things(patient);
        const { rows } = await table.state(Array.from({ length: 40 }, (_, at) => [String(at + 1)]));
        await server.execute('BEGIN; UPDATE one.things SET modified_at = now() WHERE id IN (2, 17)');
        await patient.query(`SET lock_timeout = '300ms'`);
        const started = Date.now();
        const outcomes = await table.apply(
          rows.map(({ key, digest }) => ({ key, expected: digest, columns: null, wanted: null, audit: [] })),
        );
        expect(Date.now() - started).toBeLessThan(2_000);
        expect(outcomes.filter(({ kind }) => kind === 'applied')).toHaveLength(38);
        expect(outcomes.filter(({ kind }) => kind === 'refused')).toEqual(
          Array(2).fill({ kind: 'refused', reason: expect.stringContaining('somebody else keeps the row locked') }),
        );
        expect(await session.query('SELECT id::text FROM one.things ORDER BY one.things.id')).toEqual([['2'], ['17']]);
      } finally {
        await server.execute('ROLLBACK');
        await patient.close();
      }
    }));

  it('tries a repair again later where somebody keeps the whole table locked', () =>
    withTable(server.url, async (session) => {
      await server.execute('INSERT INTO one.things VALUES (1), (2)');
      const table = things(session);
      const { rows } = await table.state([['1'], ['2']]);
      await session.query(`SET lock_timeout = '100ms'`);
      await server.execute('BEGIN; LOCK TABLE one.things IN SHARE ROW EXCLUSIVE MODE');
      const removed = table.apply(
        rows.map(({ key, digest }) => ({ key, expected: digest, columns: null, wanted: null, audit: [] })),
      );
      expect(await outcome(removed)).toMatch(/^TransientStoreError: .*\[55P03\]/);
      await server.execute('ROLLBACK');
    }));

  it('asks for its URL again where the password was changed', () =>
    withTable(server.url, async (owner) => {
      await owner.query('SELECT 1');
      const [before, after] = ['nobody_before', 'nobody_after'].map((role) =>
        server.url.replace('postgres@', `${role}@`),
      ) as [string, string];
      await server.execute('CREATE ROLE nobody_after LOGIN');
      let [known, reads] = [before, 0];
      let kept: string | undefined;
      const secret = {
        read: async () => {
          if (kept === undefined) reads += 1;
          kept ??= known;
          return kept;
        },
        forget: () => {
          kept = undefined;
        },
      };
      const opened: PgSession[] = [];
      const session = createLazySession(secret, (url) => {
        const one = createPgSession({ url });
        opened.push(one);
        return one;
      });
      try {
        expect(await outcome(session.query('SELECT 1'))).toContain('nobody_before');
        expect(reads).toBe(2);
        known = after;
        expect(await session.query('SELECT current_user::text')).toEqual([['nobody_after']]);
        expect(await session.transaction(({ query }) => query(`SELECT 'again'`))).toEqual([['again']]);
        expect(reads).toBe(3);
      } finally {
        await Promise.all(opened.map((one) => one.close()));
        await server.execute('DROP ROLE nobody_after');
      }
    }));

  it('says that it may pass where a statement takes too long, or waits for a lock', () =>
    withTable(server.url, async (session) => {
      const table = things(session);
      await table.shape();
      await server.execute('BEGIN; LOCK TABLE one.things IN ACCESS EXCLUSIVE MODE');
      expect(await outcome(table.estimateRows())).toMatch(/^TransientStoreError: things in eu-west-1: .*\[57014\]/);
      await server.execute('ROLLBACK');
      expect(await table.digests([WHOLE_TABLE], 'native')).toEqual([{ rows: 0, digest: '0' }]);
    }));

  it('says what to do where the role may not read, or would see some of the rows only', () =>
    withTable(server.url, async (owner) => {
      await owner.query('SELECT 1');
      await server.execute(`DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA one TO reader`);
      const session = createPgSession({ url: server.url.replace('postgres@', 'reader@') });
      try {
        const table = things(session);
        expect(await outcome(table.digests([WHOLE_TABLE], 'native'))).toMatch(
          /^StoreRefusedError: .*\[42501\]; give the role/,
        );
        await server.execute(`GRANT SELECT ON one.things TO reader; ALTER TABLE one.things ENABLE ROW LEVEL SECURITY`);
        expect(await outcome(table.digests([WHOLE_TABLE], 'native'))).toMatch(/row-level security/);
      } finally {
        await session.close();
        await server.execute('DROP SCHEMA one CASCADE; DROP ROLE reader');
      }
    }));

  it('is refused where the database is not in UTF-8', async () => {
    await server.execute('DROP DATABASE IF EXISTS latin');
    await server.execute(`CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'`);
    const session = createPgSession({ url: server.url.replace('/postgres?', '/latin?') });
    try {
      await session.transaction(({ query }) =>
        query('CREATE TABLE things (id int PRIMARY KEY, modified_at timestamptz)'),
      );
      const table = tableOf({ ...server, session }, entityOf('things'));
      expect(await outcome(table.shape())).toMatch(
        /^StoreRefusedError: the database of table things is in LATIN1; allowed: UTF8/,
      );
    } finally {
      await session.close();
    }
  });

  it('says that it may pass where nobody answers', async () => {
    const session = createPgSession({ url: 'postgres://nobody@127.0.0.1:1/none' });
    expect(await outcome(tableOf({ ...server, session }, entityOf('things')).shape())).toMatch(
      /^TransientStoreError: .*ECONNREFUSED/,
    );
  });
});
