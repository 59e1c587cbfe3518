import { applyPart, type PartPaused, type PartSummary } from './apply-part.ts';
import type { Difference } from './difference.ts';
import { entityOf, planRefused, readDocument, readHeader, requireDocument, writeDocument } from './documents.ts';
import { keyId } from './key.ts';
import { type ApplyPhase, type PartRef, type PlanHeader, planNames, type ReconcilePorts } from './plan.ts';
import { changeKind } from './row-changes.ts';
import { assertApproved } from './seal-plan.ts';
import type { ReconcileStore } from './store.ts';

/**
 * Begins to apply a plan that was approved: makes sure that what Tier 1 loses can be kept. With `source-only` it is kept
 * in the source, and the target, which may be a copy that takes no writes, is left alone.
 *
 * @throws {ReconcileError} `PlanRefusedError` where it is not approved, or is not the one that was
 */
export async function beginApply(ports: ReconcilePorts, planId: string): Promise<PlanHeader> {
  await assertApproved(ports, planId);
  const header = await readHeader(ports, planId);
  for (const { entity } of header.entities.filter((plan) => plan.entity.tier === 'critical')) {
    const { source, target } = ports.tables(entity);
    await source.prepareAudit();
    if (header.repair === 'both-sides') await target.prepareAudit();
  }
  return header;
}

/** Every part of a plan that was completed. */
export function readParts(ports: Pick<ReconcilePorts, 'store'>, planId: string): Promise<readonly PartRef[]> {
  return requireDocument(ports, planNames.parts(planId), `finish the plan ${planId} first`);
}

/**
 * The parts that a phase has to do, in the order in which they are best done: parents first where rows are written, last
 * where they are deleted. Those of one entity may be done at the same time.
 */
export function partsOf(phase: ApplyPhase, parts: readonly PartRef[]): readonly PartRef[] {
  if (phase === 'puts') return parts.filter(({ puts }) => puts > 0);
  if (phase === 'deletes') return parts.filter(({ deletes }) => deletes > 0).toReversed();
  return parts.filter(({ puts, deletes }) => puts + deletes > 0);
}

/** Makes one phase's changes of a part and marks it; a part that is marked is done. */
export async function applyPlanPart(
  ports: ReconcilePorts,
  header: PlanHeader,
  ref: PartRef,
  phase: ApplyPhase,
): Promise<PartSummary | PartPaused> {
  const name = planNames.applied(header.planId, phase, ref);
  const before = await readDocument<PartSummary>(ports, name);
  if (before !== undefined) return before;
  const differences = await differencesOf(ports, header.planId, ref, phase);
  if (differences.length === 0) return NOTHING_TO_DO;
  const { entity } = entityOf(header, ref.entity);
  const { planId, regions, repair } = header;
  const { merge, pace } = ports;
  const work = { planId, entity, regions, repair, differences, merge, pace, nowEpochMs: ports.nowEpochMs() };
  const summary = await applyPart(work, ports.tables(entity));
  if (summary.kind === 'done') await writeDocument(ports, name, summary);
  return summary;
}

const NOTHING_TO_DO: PartSummary = { kind: 'done', applied: 0, already: 0, changedSince: [], refused: [] };

/** The lines of a part of the plan. */
export async function readPart(
  { store, fingerprint }: Pick<ReconcilePorts, 'store' | 'fingerprint'>,
  planId: string,
  ref: PartRef,
): Promise<readonly Difference[]> {
  const name = planNames.part(planId, ref);
  const text = await store.get(name);
  if (text === undefined || fingerprint(text) !== ref.fingerprint) {
    throw planRefused(
      `${name} is ${text === undefined ? 'gone' : 'not what was planned'}; plan again under another id`,
    );
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Difference);
}

/** What became of a part in all phases; the last word on a key that was refused is that of its second attempt. */
export async function readApplied(
  ports: { readonly store: ReconcileStore },
  planId: string,
  ref: PartRef,
): Promise<PartSummary> {
  const first = await readPhases(ports, planId, ref, ['puts', 'deletes']);
  const [again] = first.refused.length === 0 ? [] : [await readPhases(ports, planId, ref, ['retry'])];
  const isTried = again !== undefined && again !== NOTHING_TO_DO;
  return isTried ? { ...addSummaries({ ...first, refused: [] }, again) } : first;
}

async function readPhases(
  ports: { readonly store: ReconcileStore },
  planId: string,
  ref: PartRef,
  phases: readonly ApplyPhase[],
): Promise<PartSummary> {
  let sum = NOTHING_TO_DO;
  for (const phase of phases) {
    const summary = await readDocument<PartSummary>(ports, planNames.applied(planId, phase, ref));
    if (summary !== undefined) sum = addSummaries(sum, summary);
  }
  return sum;
}

function addSummaries(a: PartSummary, b: PartSummary): PartSummary {
  return {
    kind: 'done',
    applied: a.applied + b.applied,
    already: a.already + b.already,
    changedSince: [...a.changedSince, ...b.changedSince],
    refused: [...a.refused, ...b.refused],
  };
}

async function differencesOf(
  ports: ReconcilePorts,
  planId: string,
  ref: PartRef,
  phase: ApplyPhase,
): Promise<readonly Difference[]> {
  if (partsOf(phase, [ref]).length === 0) return [];
  if (phase !== 'retry') {
    const wanted = phase === 'puts' ? 'put' : 'delete';
    return (await readPart(ports, planId, ref)).filter((difference) => changeKind(difference) === wanted);
  }
  const { refused } = await readPhases(ports, planId, ref, ['puts', 'deletes']);
  if (refused.length === 0) return [];
  const keys = new Set(refused.map(({ key }) => keyId(key)));
  return (await readPart(ports, planId, ref)).filter(({ key }) => keys.has(keyId(key)));
}
