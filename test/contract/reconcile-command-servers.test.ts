import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPgSession } from '../../adapters/postgres/pg-session.ts';
import { connectTables, URL_VARIABLES } from '../../cli/reconcile/connect.ts';
import { type PostgresServer, startPostgres } from '../../scripts/postgres-server.ts';
import { SKIPS_POSTGRES } from '../_helpers/postgres-required.ts';
import { type ReconcileDesk, reconcileDesk } from '../_helpers/reconcile-command.ts';

const START_MS = 120_000;
/** Enough that a plan takes long enough to be stopped in the middle. */
const ROWS = 60_000;
/** Enough that a heap which grows as it likes takes more than it may. */
const DIVERGED = 30_000;

const TABLE = 'CREATE TABLE orders (id bigint PRIMARY KEY, note text, modified_at timestamptz, created_at timestamptz)';

function fill(note: string, rows = ROWS): string {
  return `INSERT INTO orders SELECT n, ${note}, '2026-03-01T09:00:00Z', '2026-03-01T08:00:00Z' FROM generate_series(1, ${rows}) AS n`;
}

let server: PostgresServer;
let environment: Readonly<Record<string, string>>;

/** Two databases of one server stand for two Regions: the command sees a URL for each. */
beforeAll(async () => {
  if (SKIPS_POSTGRES) return;
  server = await startPostgres();
  const urls = { source: urlOf('tokyo'), target: urlOf('singapore') };
  await execute(server.url, 'CREATE DATABASE tokyo');
  await execute(server.url, 'CREATE DATABASE singapore');
  for (const url of Object.values(urls)) {
    await execute(url, TABLE);
    await execute(url, fill("'paid'"));
  }
  await execute(
    urls.source,
    "UPDATE orders SET note = 'sent', modified_at = '2026-03-01T11:00:00Z' WHERE id % 10000 = 1",
  );
  await execute(urls.target, "INSERT INTO orders VALUES (0, 'paid', '2026-03-01T11:00:00Z', '2026-03-01T11:00:00Z')");
  await execute(urls.target, "UPDATE orders SET note = 'lost', modified_at = '2026-03-01T11:30:00Z' WHERE id = 1");
  environment = { [URL_VARIABLES.source]: urls.source, [URL_VARIABLES.target]: urls.target };
}, START_MS);
afterAll(async () => {
  if (!SKIPS_POSTGRES) await server.stop();
});

function urlOf(database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${database}`;
  return url.href;
}

async function execute(url: string, statement: string): Promise<void> {
  const session = createPgSession({ url });
  await session.query('SET default_transaction_read_only = off');
  await session.query(statement);
  await session.close();
}

function desk(): ReconcileDesk {
  return reconcileDesk(
    () => ({}) as never,
    { connect: connectTables, environment, nowEpochMs: () => Date.now() },
    { rowsPerRange: 1_000 },
  );
}

const PLAN = ['--plan', '--plan-id', 'monday', '--cut', '2026-03-01T10:00:00Z'];

describe.skipIf(SKIPS_POSTGRES)('switchyard reconcile between two databases', () => {
  it(
    'stopped by a signal in the middle, goes on, repairs, verifies, and finds nothing more',
    async () => {
      const { run, config, store } = desk();
      const words = ['bin/switchyard.ts', 'reconcile', ...PLAN, '--config', config, '--store', store];
      const child = spawn(process.execPath, words, { env: { ...process.env, ...environment } });
      let errors = '';
      child.stderr.on('data', (data: Buffer) => {
        errors += data.toString();
        if (errors.includes('plan ') && !child.killed) child.kill('SIGINT');
      });
      const [code] = await once(child, 'exit');
      expect([code, errors]).toEqual([130, expect.stringContaining('Go on: npm run -s switchyard')]);
      const planned = await run(...PLAN, '--json');
      const report = JSON.parse(planned.output);
      expect(report.sections[0]).toMatchObject({
        compared: ROWS + 1,
        discrepancies: { total: 7, mismatch: 5, conflict: 1, 'missing-in-source': 1 },
        keys: [{ key: ['1'] }],
      });
      expect(planned.code).toBe(4);
      const applied = await run('--apply', '--plan-id', 'monday', '--approve', report.digest, '--json');
      expect(JSON.parse(applied.output).sections[0]).toMatchObject({ resolved: 6, pending: 0, unresolved: 1 });
      const verified = await run('--verify', '--plan-id', 'monday', '--settle', '0', '--json');
      expect(JSON.parse(verified.output)).toMatchObject({
        clean: true,
        blocking: { total: 1, keys: [{ key: ['1'] }] },
      });
      const again = await run(...PLAN.with(2, 'tuesday'), '--json');
      expect(JSON.parse(again.output).sections[0]).toMatchObject({ discrepancies: { total: 1 }, pending: 0 });
    },
    START_MS,
  );

  it(
    'takes less than 256 MiB for a table that differs in every row',
    async () => {
      const urls = { source: urlOf('seoul'), target: urlOf('osaka') };
      await execute(server.url, 'CREATE DATABASE seoul');
      await execute(urls.source, `${TABLE}; ${fill("'x'", DIVERGED)}`);
      await execute(server.url, 'CREATE DATABASE osaka TEMPLATE seoul');
      await execute(urls.target, "UPDATE orders SET note = 'y'");
      const { config, store } = desk();
      const words = ['bin/switchyard.ts', 'reconcile', ...PLAN, '--config', config, '--store', store, '--json'];
      const env = { ...process.env, [URL_VARIABLES.source]: urls.source, [URL_VARIABLES.target]: urls.target };
      const { stdout } = await promisify(execFile)(process.execPath, words, { env }).catch((error) => error);
      const { sections, pass } = JSON.parse(stdout);
      expect(sections[0]).toMatchObject({ discrepancies: { mismatch: DIVERGED } });
      expect(pass.peakMemoryMb).toBeGreaterThan(50);
      expect(pass.peakMemoryMb).toBeLessThanOrEqual(256);
    },
    START_MS,
  );

  it('ends where one side failed while the other was still at work', async () => {
    const { config, store } = desk();
    const words = ['bin/switchyard.ts', 'reconcile', ...PLAN, '--config', config, '--store', store];
    const nowhere = { ...environment, [URL_VARIABLES.target]: 'postgres://127.0.0.1:1/singapore' };
    const child = spawn(process.execPath, words, { env: { ...process.env, ...nowhere }, timeout: 30_000 });
    const [code, signal] = await once(child, 'exit');
    expect([code, signal]).toEqual([1, null]);
  }, 40_000);

  it('fails with a code and no stack trace where a database does not answer', async () => {
    const nowhere = { ...environment, [URL_VARIABLES.source]: 'postgres://127.0.0.1:1/tokyo' };
    const { run } = reconcileDesk(() => ({}) as never, { connect: connectTables, environment: nowhere });
    const { code, errors } = await run(...PLAN);
    expect(code).toBe(1);
    expect(errors).toContain('[TRANSIENT_STORE]');
  });
});
