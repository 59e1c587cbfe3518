import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { sha256 } from '../../adapters/sha256.ts';
import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import {
  applyReconciliation,
  type LocalRun,
  planReconciliation,
  verifyReconciliation,
} from '../../core/reconcile/reconciliation.ts';
import type { ReconcileReport } from '../../core/reconcile/report.ts';
import { approvePlan } from '../../core/reconcile/seal-plan.ts';
import { WHOLE_TABLE } from '../../core/reconcile/table.ts';
import { startPostgres } from '../../scripts/postgres-server.ts';
import { type LocalPostgres, PGLITE_START_MS, startPglite } from '../_helpers/postgres-pglite.ts';
import { POSTGRES_START_MS, type RealPostgres, real } from '../_helpers/postgres-real.ts';
import { SKIPS_POSTGRES } from '../_helpers/postgres-required.ts';
import { quoteText, REFUSED, sampleTable } from '../_helpers/postgres-sample.ts';
import { entityOf, freshSchemas, tableOf } from '../_helpers/postgres-typed-table.ts';
import { OWN_TYPES, VALUES } from '../_helpers/postgres-values.ts';
import { tableContract } from '../_helpers/table-contract.ts';

let servers: Sides<RealPostgres>;

beforeAll(async () => {
  if (SKIPS_POSTGRES) return;
  const [source, target] = await Promise.all([
    startPostgres(),
    startPostgres({
      initOptions: ['--locale=C.UTF-8', '--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US'],
    }),
  ]);
  servers = { source: real(source), target: real(target) };
}, POSTGRES_START_MS);
afterAll(async () => {
  if (!SKIPS_POSTGRES) await Promise.all(Object.values(servers).map((server) => server.close()));
});

describe.skipIf(SKIPS_POSTGRES)('two PostgreSQL servers', () => {
  tableContract(
    'one of them in the order of bytes, the other in that of ICU',
    async (use) => {
      const one = await sampleTable(servers.source, { schema: 'one', refuses: true });
      await use(one, await sampleTable(servers.target, { schema: 'other' }));
    },
    { refusedRow: REFUSED },
  );

  it(
    'give every value of every type the digest that another version of PostgreSQL gives it',
    async () => {
      const local = await startPglite();
      try {
        await local.execute(OWN_TYPES);
        await servers.source.execute(OWN_TYPES);
        for (const { type, different } of VALUES) {
          const rows = different.map((value, id) => `(${id}, ${quoteText(value)}::${type})`).join(', ');
          const [here, there] = await Promise.all(
            [local, servers.source].map(async (server) => {
              await freshSchemas(server, ['one']);
              await server.execute(`CREATE TABLE one.things (id int PRIMARY KEY, value ${type}, modified_at timestamptz);
              INSERT INTO one.things (id, value) VALUES ${rows}`);
              return tableOf(server, entityOf('one.things')).digests([WHOLE_TABLE], 'bytes');
            }),
          );
          expect(here, type).toEqual(there);
        }
      } finally {
        await local.close();
      }
    },
    PGLITE_START_MS,
  );

  it('are asked to go by bytes where their collations differ, and by their indexes where they do not', async () => {
    const order = async (server: LocalPostgres, collation: string): Promise<string> => {
      const { table } = await sampleTable(server, { schema: 'one', collation });
      return (await table.shape()).keyOrder;
    };
    expect(await order(servers.source, 'default')).toBe('bytes');
    expect(await order(servers.target, 'default')).toMatch(/^icu en-US /);
    expect(await order(servers.source, 'en-US-x-icu')).toBe(await order(servers.target, 'default'));
    expect(await order(servers.source, 'de-x-icu')).not.toBe(await order(servers.target, 'en-US-x-icu'));
    expect(await order(servers.target, 'C')).toBe('bytes');
  });
});

const CUT = '2026-03-01T10:00:00Z';
const [BEFORE, AFTER] = [`'2026-03-01T09:00:00Z'`, `'2026-03-01T11:00:00Z'`];
const ORDERS: Entity = {
  ...entityOf('shop.orders', { name: 'orders', tier: 'critical', policy: 'manual' }),
  tombstones: { table: 'shop.orders_deleted', deletedColumn: 'deleted_at' },
};

/** Two thousand orders with text keys that the two servers sort differently, the same on both sides. */
async function fillShop(more = ''): Promise<void> {
  for (const server of Object.values(servers)) {
    await freshSchemas(server, ['shop']);
    await server.execute(`CREATE TABLE shop.orders (code text, line int, note text, modified_at timestamptz, PRIMARY KEY (code, line));
      CREATE TABLE shop.orders_deleted (code text, line int, deleted_at timestamptz);
      INSERT INTO shop.orders_deleted VALUES ('(long gone)', 1, '2026-01-01T00:00:00Z');
      INSERT INTO shop.orders SELECT (ARRAY['a', 'B', 'ä', 'Z', '_', '']) [1 + i % 6] || i / 6, i % 3, 'x', ${BEFORE}
        FROM generate_series(1, 2000) AS i;
      ${more}`);
  }
}

async function reconcile(entity: Entity): Promise<{ readonly report: ReconcileReport; readonly run: LocalRun }> {
  const tables = { source: tableOf(servers.source, entity), target: tableOf(servers.target, entity) };
  const store = createMemoryStore();
  const run: LocalRun = {
    store,
    tables: () => tables,
    fingerprint: sha256,
    nowEpochMs: Date.now,
    sleep: async () => {},
  };
  const request = {
    planId: 'p',
    regions: { source: 'ap-northeast-1', target: 'ap-southeast-1' },
    cutEpochMs: Date.parse(CUT),
    repair: 'both-sides' as const,
    blockOn: ['critical' as const],
    entities: [entity],
    rowsPerRange: 500,
  };
  const plan = await planReconciliation(run, request);
  if (plan === 'interrupted') throw new Error('nobody asked it to stop');
  await approvePlan(run, 'p', { digest: plan.digest, approvedBy: 'a test' });
  await applyReconciliation(run, 'p');
  const report = await verifyReconciliation(run, 'p', { verificationId: 'v', settleSeconds: 0 });
  if (report === 'interrupted') throw new Error('nobody asked it to stop');
  return { report, run };
}

const contents = (server: RealPostgres): Promise<unknown> =>
  server.session.query(
    'SELECT code, line::text, note, modified_at::text FROM shop.orders ORDER BY code COLLATE "C", line',
  );

describe.skipIf(SKIPS_POSTGRES)('a reconciliation of two PostgreSQL servers of different collations', () => {
  it('finds every kind of difference, repairs what one side alone has changed, and asks about the rest', async () => {
    await fillShop();
    await servers.source.execute(`UPDATE shop.orders SET note = 'source', modified_at = ${AFTER} WHERE code IN ('a5', 'B13', 'ä2');
      INSERT INTO shop.orders VALUES ('', -1, 'first of all', ${AFTER}), ('鿿', 9, NULL, ${AFTER});
      DELETE FROM shop.orders WHERE code = 'Z13';
      INSERT INTO shop.orders_deleted SELECT code, line, ${AFTER} FROM (VALUES ('Z13', 0), ('Z13', 1), ('Z13', 2)) AS v (code, line)`);
    await servers.target.execute(`UPDATE shop.orders SET note = 'target', modified_at = ${AFTER} WHERE code IN ('ä2', '_8');
      INSERT INTO shop.orders VALUES ('AAA', 1, 'only here', ${AFTER})`);
    const { report, run } = await reconcile(ORDERS);
    const [section] = report.sections;
    const number = async (server: RealPostgres, where: string): Promise<number> =>
      Number((await server.session.query(`SELECT count(*)::text FROM shop.orders WHERE ${where}`))[0]?.[0]);
    const bothChanged = await number(servers.source, `code = 'ä2'`);
    expect(bothChanged).toBeGreaterThan(0);
    expect(section?.discrepancies).toMatchObject({
      'missing-in-source': 1,
      'missing-in-target': 2,
      conflict: bothChanged,
    });
    expect(section?.discrepancies.deleted).toBeGreaterThan(0);
    expect(section?.discrepancies.mismatch).toBeGreaterThan(0);
    expect(report.clean).toBe(true);
    expect(report.blocking.keys.map(({ key }) => key[0])).toEqual(Array(bothChanged).fill('ä2'));
    for (const server of Object.values(servers)) await server.execute(`DELETE FROM shop.orders WHERE code = 'ä2'`);
    expect(await contents(servers.target)).toEqual(await contents(servers.source));
    expect(await number(servers.target, `note = 'source'`)).toBeGreaterThan(0);
    expect(await number(servers.source, `note = 'target'`)).toBeGreaterThan(0);
    expect(await number(servers.target, `code = 'Z13'`)).toBe(0);
    const again = await planReconciliation(run, {
      planId: 'again',
      regions: report.regions,
      cutEpochMs: report.cutEpochMs,
      repair: 'both-sides',
      blockOn: [],
      entities: [ORDERS],
      rowsPerRange: 500,
    });
    expect(again).toMatchObject({ sections: [{ puts: 0, deletes: 0, unresolved: 0 }] });
  });

  it('reports a row that the other side takes for one that it has, and brings every other one over', async () => {
    await fillShop();
    await servers.target.execute(`CREATE COLLATION shop.any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      ALTER TABLE shop.orders ALTER COLUMN code TYPE text COLLATE shop.any_case;`);
    await servers.source.execute(
      `INSERT INTO shop.orders VALUES ('A5', 0, 'like a5', ${AFTER}), ('new', 0, 'like nothing', ${AFTER})`,
    );
    await servers.source.execute(
      `INSERT INTO shop.orders VALUES ('A5', 1, 'like a5', ${AFTER}), ('A5', 2, 'like a5', ${AFTER})`,
    );
    const { report } = await reconcile(ORDERS);
    const [section] = report.sections;
    expect(section?.discrepancies).toMatchObject({ total: 4, 'missing-in-target': 4 });
    expect(section?.keys.map(({ key }) => key[0])).toEqual(['A5', 'A5', 'A5'].slice(0, section?.unresolved));
    expect(section?.keys[0]?.reason).toContain('orders_pkey');
    expect(report.blocking.total).toBe(section?.unresolved);
    expect(
      await servers.target.session.query(`SELECT code FROM shop.orders WHERE code IN ('new', 'A5') ORDER BY line`),
    ).toContainEqual(['new']);
  });
});
