import { inParallel } from '../in-parallel.ts';
import type { PartPaused } from './apply-part.ts';
import { applyPlanPart, beginApply, partsOf, readParts } from './apply-plan.ts';
import { readHeader, readRanges } from './documents.ts';
import { findInRange } from './find-differences.ts';
import { openPlan } from './open-plan.ts';
import {
  APPLY_PHASES,
  type PartRef,
  type PlanHeader,
  type PlanRequest,
  type RangeRef,
  type ReconcilePorts,
  type SealedPlan,
  type TouchedRange,
} from './plan.ts';
import { type ReconcileReport, reportPlan } from './report.ts';
import { sealPlan } from './seal-plan.ts';
import { readTouched, type Verification, verifyPlanRange } from './verify-range.ts';

/** A reconciliation in one process: the same units of work as a state machine's, one after another. */
export interface LocalRun extends ReconcilePorts {
  /** Ranges of one entity that are compared at a time. @default 1 */
  readonly concurrency?: number | undefined;
  /** Told how far it is. @default - nobody is */
  readonly progress?: ((progress: Progress) => void) | undefined;
  /** Asked between units of work; true: stop, so that the same call goes on later. @default - never */
  readonly isStopped?: (() => boolean) | undefined;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How far a run is. */
export interface Progress {
  readonly stage: 'plan' | 'apply' | 'verify';
  /** Rows, or, where repairs are made, repairs. */
  readonly done: number;
  /** Of rows it is an estimate, and may be too small. */
  readonly total: number;
}

/** That somebody asked the run to stop; nothing is lost. */
export type Interrupted = 'interrupted';

/** Makes a plan, or goes on with one of that id. */
export async function planReconciliation(run: LocalRun, request: PlanRequest): Promise<SealedPlan | Interrupted> {
  const header = await openPlan(run, request);
  const total = header.entities.reduce((sum, { estimatedRows }) => sum + estimatedRows, 0);
  const onRows = counting(run, 'plan', total);
  const ranges = await readRanges(run, header.planId);
  const work = (range: RangeRef): Promise<unknown> => findInRange(run, header, range, onRows);
  if ((await each(run, ranges, work)) === 'interrupted') return 'interrupted';
  return sealPlan(run, header.planId);
}

/** Carries out a plan that was approved, or goes on with it. Waits while `pace` says so. */
export async function applyReconciliation(run: LocalRun, planId: string): Promise<ReconcileReport | Interrupted> {
  const header = await beginApply(run, planId);
  const parts = await readParts(run, planId);
  const onRepairs = counting(
    run,
    'apply',
    parts.reduce((sum, { puts, deletes }) => sum + puts + deletes, 0),
  );
  for (const phase of APPLY_PHASES) {
    const isFirst = phase !== 'retry';
    // Parts of different entities stay in their order, for the sake of foreign keys.
    for (const sameEntity of groupsOf(partsOf(phase, parts))) {
      const ended = await each(run, sameEntity, async (part) => {
        await untilDone(run, () => applyPlanPart(run, header, part, phase));
        if (isFirst) onRepairs(phase === 'puts' ? part.puts : part.deletes);
      });
      if (ended === 'interrupted') return 'interrupted';
    }
  }
  return reportPlan(run, planId);
}

/** Compares every touched range again and gives the report. */
export async function verifyReconciliation(
  run: LocalRun,
  planId: string,
  { verificationId, settleSeconds }: Pick<Verification, 'verificationId' | 'settleSeconds'>,
): Promise<ReconcileReport | Interrupted> {
  const header = await readHeader(run, planId);
  const touched = await readTouched(run, planId);
  const onRows = counting(run, 'verify', estimateRows(header, await readRanges(run, planId), touched));
  const verification = { verificationId, settleSeconds, onRows };
  for (let open = touched; open.length > 0; ) {
    const paused: TouchedRange[] = [];
    const ended = await each(run, open, async (range) => {
      if ((await verifyPlanRange(run, header, range, verification)).kind === 'paused') paused.push(range);
    });
    if (ended === 'interrupted') return 'interrupted';
    // One wait for all of them: what is on its way is so everywhere at the same time.
    if (paused.length > 0) await run.sleep(settleSeconds * 1_000);
    open = paused;
  }
  return reportPlan(run, planId, verificationId);
}

async function each<Item>(
  { concurrency = 1, isStopped }: LocalRun,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<Interrupted | undefined> {
  let stopped = false;
  await inParallel(items, concurrency, async (item) => {
    stopped ||= isStopped?.() === true;
    if (!stopped) await work(item);
  });
  return stopped || isStopped?.() === true ? 'interrupted' : undefined;
}

/** Repeats a unit of work, after the time that it names each time, until it is done or the run is to stop. */
async function untilDone(
  { sleep, isStopped }: LocalRun,
  work: () => Promise<PartPaused | { readonly kind: 'done' }>,
): Promise<void> {
  for (let ended = await work(); ended.kind === 'paused'; ended = await work()) {
    if (isStopped?.() === true) return;
    await sleep(ended.waitSeconds * 1_000);
  }
}

function counting({ progress }: LocalRun, stage: Progress['stage'], total: number): (more: number) => void {
  let done = 0;
  progress?.({ stage, done, total });
  return (more) => {
    done += more;
    progress?.({ stage, done, total });
  };
}

/** Parts of one entity that follow each other. */
function groupsOf(parts: readonly PartRef[]): readonly (readonly PartRef[])[] {
  const groups: PartRef[][] = [];
  for (const part of parts) {
    const last = groups.at(-1);
    if (last?.[0]?.entity === part.entity) last.push(part);
    else groups.push([part]);
  }
  return groups;
}

/** Ranges have about equal numbers of rows. */
function estimateRows(header: PlanHeader, ranges: readonly RangeRef[], touched: readonly RangeRef[]): number {
  return header.entities.reduce((sum, { entity: { name }, estimatedRows }) => {
    const [all, some] = [ranges, touched].map((refs) => refs.filter(({ entity }) => entity === name).length);
    return sum + Math.round((estimatedRows * (some ?? 0)) / Math.max(1, all ?? 0));
  }, 0);
}
