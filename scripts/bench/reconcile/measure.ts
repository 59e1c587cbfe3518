import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createPgSession, type PgSession } from '../../../adapters/postgres/pg-session.ts';
import { createPostgresTable } from '../../../adapters/postgres/postgres-table.ts';
import type { Difference } from '../../../core/reconcile/difference.ts';
import type { Sides } from '../../../core/reconcile/entity.ts';
import { WHOLE_TABLE } from '../../../core/reconcile/table.ts';
import type { PostgresServer } from '../../postgres-server.ts';
import { CLASS_OF, type Kind, type Shape, type ShapeName } from './shapes.ts';
import { AUDIT_TABLE, countAudited, ENTITY, heal, inject, load, readInjected } from './tables.ts';
import { PLAN_IDS, type WorkerJob, type WorkerResult } from './worker-job.ts';

/** One shape, measured. */
export interface ShapeFigures {
  readonly shape: ShapeName;
  /** Of one side, over the time of the comparison. */
  readonly rowsPerSecond: number;
  /** Of the comparison, up to a plan that can be approved. */
  readonly seconds: number;
  /** `SELECT count(*)` and a digest of every row of one side, one after the other, in the same session settings. */
  readonly floorSeconds: number;
  /** Over the connections to both servers during the comparison. */
  readonly bytesMoved: number;
  /** Most memory that the process which compared and repaired ever had, MiB. */
  readonly peakMemoryMb: number;
  readonly injected: number;
  /** Injected rows that were found under their key, as what they are. */
  readonly found: number;
  /** Found, and not injected, or as something else. */
  readonly wrong: number;
  readonly repaired: number;
  /** Conflicts, which the policy of the entity leaves to a person. */
  readonly unresolved: number;
  /** Versions that were taken away and are kept, of as many as were. */
  readonly audited: number;
  readonly lost: number;
  /** The verification found nothing but the unresolved ones, and another plan has nothing to do. */
  readonly clean: boolean;
  readonly applySeconds: number;
  readonly verifySeconds: number;
}

/** Where shapes are measured. */
export interface Bench {
  readonly servers: Sides<PostgresServer>;
  readonly rows: number;
  readonly seed: number;
  readonly rowsPerRange: number;
  readonly concurrency: number;
}

/** Ranges and their number are those of the default config; two at a time, so that no server waits for this process. */
export const DEFAULTS = { rowsPerRange: 100_000, concurrency: 2 } as const;

/** Loads a table of so many rows on both servers at once. */
export async function loadBoth(bench: Bench, table: Shape['table']): Promise<void> {
  await onBoth(bench, (session) => load(session, table, bench.rows));
}

/** Injects a shape's differences, measures a reconciliation of them, judges it, and makes both sides equal again. */
export async function measureShape(bench: Bench, shape: Shape): Promise<ShapeFigures> {
  const { rows, seed } = bench;
  await onBoth(bench, (session, side) => inject(session, side, { shape, rows, seed }));
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-bench-'));
  try {
    const floorSeconds = await measureFloor(bench.servers.source);
    const result = await runWorker(bench, folder);
    const judged = await judge(bench, folder);
    await onBoth(bench, heal);
    return figuresOf({ shape, rows, floorSeconds, result, judged });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function onBoth(
  { servers }: Bench,
  work: (session: PgSession, side: 'source' | 'target') => Promise<void>,
): Promise<void> {
  await Promise.all(
    (['source', 'target'] as const).map((side) => withSession(servers[side], (session) => work(session, side))),
  );
}

async function withSession<Result>(
  { url }: PostgresServer,
  work: (session: PgSession) => Promise<Result>,
): Promise<Result> {
  const session = createPgSession({ url, statementTimeoutMs: 0 });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** What no comparison could be faster than, were one side read alone: by the session and the digest of the comparison. */
function measureFloor(server: PostgresServer): Promise<number> {
  return withSession(server, async (session) => {
    const table = createPostgresTable({ entity: ENTITY, session, auditTable: AUDIT_TABLE, region: 'floor' });
    await table.shape();
    const began = performance.now();
    await session.query('SELECT count(*)::text FROM orders');
    await table.digests([WHOLE_TABLE], 'native');
    return (performance.now() - began) / 1_000;
  });
}

const WORKER = join(import.meta.dirname, 'worker.ts');
/** Of its result, which is one document. */
const MOST_OUTPUT_BYTES = 10_000_000;

async function runWorker(
  { servers: { source, target }, rowsPerRange, concurrency }: Bench,
  folder: string,
): Promise<WorkerResult> {
  const job: WorkerJob = { urls: { source: source.url, target: target.url }, folder, rowsPerRange, concurrency };
  const { stdout } = await promisify(execFile)(process.execPath, [WORKER, JSON.stringify(job)], {
    maxBuffer: MOST_OUTPUT_BYTES,
  });
  return JSON.parse(stdout) as WorkerResult;
}

interface Judged {
  readonly injected: number;
  readonly found: number;
  readonly wrong: number;
  readonly audited: number;
  /** How many versions a repair had to take away. */
  readonly takenAway: number;
}

/** Holds every line of the plan against what was injected, and the audit tables against what had to go. */
async function judge({ servers }: Bench, folder: string): Promise<Judged> {
  const injected = await withSession(servers.source, readInjected);
  const audited = await Promise.all(
    [servers.source, servers.target].map((server) => withSession(server, countAudited)),
  );
  const open = new Map(injected);
  let wrong = 0;
  for await (const { key, class: name } of plannedDifferences(join(folder, PLAN_IDS.first, 'found'))) {
    const id = key[0] ?? '';
    if (CLASS_OF[open.get(id) as Kind] === name) open.delete(id);
    else wrong += 1;
  }
  const kinds = [...injected.values()].filter((kind) => kind.startsWith('changed') || kind.startsWith('deleted'));
  return {
    injected: injected.size,
    found: injected.size - open.size,
    wrong,
    audited: audited.reduce((sum, count) => sum + count, 0),
    takenAway: kinds.length,
  };
}

async function* plannedDifferences(folder: string): AsyncGenerator<Difference> {
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((file) => file.endsWith('.jsonl'))) {
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      yield JSON.parse(line) as Difference;
    }
  }
}

interface Measured {
  readonly shape: Shape;
  readonly rows: number;
  readonly floorSeconds: number;
  readonly result: WorkerResult;
  readonly judged: Judged;
}

function figuresOf({ shape, rows, floorSeconds, result, judged }: Measured): ShapeFigures {
  const { report, again, planSeconds, planBytes, peakMemoryMb } = result;
  const sum = (number: (section: (typeof report.sections)[number]) => number): number =>
    report.sections.reduce((total, section) => total + number(section), 0);
  const unresolved = sum((section) => section.unresolved);
  const hasNothingToDo = again.sections.every(
    (section) => section.puts + section.deletes === 0 && section.unresolved === unresolved,
  );
  const isListed = report.blocking.total === unresolved && (unresolved === 0 || report.blocking.keys.length > 0);
  return {
    shape: shape.name,
    rowsPerSecond: Math.round(rows / planSeconds),
    seconds: round(planSeconds),
    floorSeconds: round(floorSeconds),
    bytesMoved: planBytes,
    peakMemoryMb,
    injected: judged.injected,
    found: judged.found,
    wrong: judged.wrong,
    repaired: sum((section) => section.resolved),
    unresolved,
    audited: judged.audited,
    lost: judged.takenAway - judged.audited,
    clean: report.clean === true && hasNothingToDo && isListed && judged.wrong === 0,
    applySeconds: round(result.applySeconds),
    verifySeconds: round(result.verifySeconds),
  };
}

/** To milliseconds. */
function round(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
