import { setTimeout as sleep } from 'node:timers/promises';
import { createFolderStore } from '../../../adapters/folder-store.ts';
import { createPgSession, type PgSession } from '../../../adapters/postgres/pg-session.ts';
import { createPostgresTable } from '../../../adapters/postgres/postgres-table.ts';
import { sha256 } from '../../../adapters/sha256.ts';
import { keepHeapSmall } from '../../../cli/reconcile/keep-heap-small.ts';
import type { Sides } from '../../../core/reconcile/entity.ts';
import type { SealedPlan } from '../../../core/reconcile/plan.ts';
import {
  applyReconciliation,
  type Interrupted,
  type LocalRun,
  planReconciliation,
  verifyReconciliation,
} from '../../../core/reconcile/reconciliation.ts';
import { approvePlan } from '../../../core/reconcile/seal-plan.ts';
import { AUDIT_TABLE, CUT, ENTITY } from './tables.ts';
import { PLAN_IDS, type WorkerJob, type WorkerResult } from './worker-job.ts';

/** Sorted as the ids of Regions are, should a policy ask. */
const REGIONS: Sides<string> = { source: 'ap-northeast-1', target: 'ap-southeast-1' };
const KIB_PER_MIB = 1024;

// As the command does.
keepHeapSmall();
const job = JSON.parse(process.argv[2] ?? '') as WorkerJob;
const sessions = {
  source: createPgSession({ url: job.urls.source }),
  target: createPgSession({ url: job.urls.target }),
};
const tables = { source: tableOf(sessions.source, REGIONS.source), target: tableOf(sessions.target, REGIONS.target) };
const run: LocalRun = {
  store: createFolderStore(job.folder),
  tables: () => tables,
  fingerprint: sha256,
  nowEpochMs: Date.now,
  sleep: async (milliseconds) => void (await sleep(milliseconds)),
  concurrency: job.concurrency,
};
const result = await reconcile();
await Promise.all(Object.values(sessions).map((session) => session.close()));
process.stdout.write(JSON.stringify(result));

async function reconcile(): Promise<WorkerResult> {
  const plan = await timed(() => planOf(PLAN_IDS.first));
  const planBytes = sessions.source.bytesMoved() + sessions.target.bytesMoved();
  await approvePlan(run, PLAN_IDS.first, { digest: plan.value.digest, approvedBy: 'bench' });
  const applied = await timed(() => finished(applyReconciliation(run, PLAN_IDS.first)));
  const verification = { verificationId: 'only', settleSeconds: 0 };
  const verified = await timed(() => finished(verifyReconciliation(run, PLAN_IDS.first, verification)));
  return {
    planSeconds: plan.seconds,
    applySeconds: applied.seconds,
    verifySeconds: verified.seconds,
    planBytes,
    report: verified.value,
    again: await planOf(PLAN_IDS.again),
    peakMemoryMb: Math.ceil(process.resourceUsage().maxRSS / KIB_PER_MIB),
  };
}

function planOf(planId: string): Promise<SealedPlan> {
  const cutEpochMs = Date.parse(CUT);
  const { rowsPerRange } = job;
  return finished(
    planReconciliation(run, {
      planId,
      regions: REGIONS,
      cutEpochMs,
      repair: 'both-sides',
      blockOn: ['critical'],
      entities: [ENTITY],
      rowsPerRange,
    }),
  );
}

function tableOf(session: PgSession, region: string): ReturnType<typeof createPostgresTable> {
  return createPostgresTable({ entity: ENTITY, session, auditTable: AUDIT_TABLE, region });
}

async function finished<Result>(work: Promise<Result | Interrupted>): Promise<Result> {
  const result = await work;
  if (result === 'interrupted') throw new Error('nobody asked it to stop');
  return result as Result;
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value; readonly seconds: number }> {
  const began = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - began) / 1_000 };
}
