import { inParallel } from '../../core/in-parallel.ts';
import type { PartSummary } from '../../core/reconcile/apply-part.ts';
import { beginApply, partsOf, readParts } from '../../core/reconcile/apply-plan.ts';
import { readDocument, readRanges, writeDocument } from '../../core/reconcile/documents.ts';
import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import {
  APPLY_PHASES,
  type ApplyPhase,
  type PartRef,
  planNames,
  type RangeRef,
  type ReconcilePorts,
} from '../../core/reconcile/plan.ts';
import { readTouched, touchedRef } from '../../core/reconcile/verify-range.ts';
import type { ListWorkInput, WorkItem, WorkList } from '../../state-machines/contracts-reconcile.ts';
import { assertStillAsked, enginePorts } from '../engine-ports.ts';
import { verificationOf } from '../verification.ts';

type Context = ReconcileContext<'clock' | 'coordination' | 'plans' | 'tables'>;

/** Objects that are looked for at a time. */
const LOOKS_AT_ONCE = 16;

/**
 * Writes the list that a Distributed Map takes its items from: ranges to be compared, parts of the next phase of
 * repairing, ranges to be compared again. What is done already is left out, so that a machine that was lost goes on.
 *
 * @throws {OperationError} `OperationLostError` where the failback that asked is over.
 */
export function createListWork(context: Context): (input: ListWorkInput) => Promise<WorkList> {
  return async ({ plan, stage }) => {
    await assertStillAsked(context, plan);
    const ports = enginePorts(context, plan);
    const { planId } = plan;
    const items = await {
      find: () => rangesLeft(ports, planId),
      apply: () => repairsLeft(ports, planId),
      verify: () => touchedLeft(ports, planId, verificationOf(plan)),
    }[stage]();
    const key = `${planId}/work/${stage}.json`;
    await writeDocument(ports, key, items);
    return { key, items: items.length };
  };
}

async function rangesLeft(ports: ReconcilePorts, planId: string): Promise<readonly WorkItem[]> {
  const ranges = await readRanges(ports, planId);
  return without(ports, ranges, (range) => planNames.found(planId, range));
}

async function touchedLeft(
  ports: ReconcilePorts,
  planId: string,
  verificationId: string,
): Promise<readonly WorkItem[]> {
  const touched = await readTouched(ports, planId);
  const left = await without(ports, touched, (range) => planNames.verified(planId, verificationId, range));
  return left.map((range) => touchedRef(ports, range));
}

async function without<Range extends RangeRef>(
  ports: ReconcilePorts,
  ranges: readonly Range[],
  nameOf: (range: Range) => string,
): Promise<readonly Range[]> {
  const known = await inParallel(ranges, LOOKS_AT_ONCE, (range) => ports.store.get(nameOf(range)));
  return ranges.filter((_, index) => known[index] === undefined);
}

/** The parts of the first phase, and of the first entity in it, that are not marked; those of one entity go side by side. */
async function repairsLeft(ports: ReconcilePorts, planId: string): Promise<readonly WorkItem[]> {
  await beginApply(ports, planId);
  const parts = await readParts(ports, planId);
  for (const phase of APPLY_PHASES) {
    const left = await partsLeft(ports, planId, { phase, parts: partsOf(phase, parts) });
    const first = left[0]?.entity;
    if (first !== undefined) {
      return left.filter(({ entity }) => entity === first).map((part) => ({ ...part, phase }));
    }
  }
  return [];
}

async function partsLeft(
  ports: ReconcilePorts,
  planId: string,
  { phase, parts }: { readonly phase: ApplyPhase; readonly parts: readonly PartRef[] },
): Promise<readonly PartRef[]> {
  const isLeft = await inParallel(parts, LOOKS_AT_ONCE, async (part) => {
    if ((await readDocument(ports, planNames.applied(planId, phase, part))) !== undefined) return false;
    return phase !== 'retry' || (await wasRefused(ports, planId, part));
  });
  return parts.filter((_, index) => isLeft[index] === true);
}

async function wasRefused(ports: ReconcilePorts, planId: string, part: PartRef): Promise<boolean> {
  for (const phase of ['puts', 'deletes'] as const) {
    const summary = await readDocument<PartSummary>(ports, planNames.applied(planId, phase, part));
    if ((summary?.refused.length ?? 0) > 0) return true;
  }
  return false;
}
