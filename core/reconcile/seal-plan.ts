import { inParallel } from '../in-parallel.ts';
import { isSameContent } from '../same-content.ts';
import { addCounts, NO_DIFFERENCES } from './difference.ts';
import { planRefused, readDocument, readHeader, readRanges, requireDocument, writeDocument } from './documents.ts';
import { doubtsAbout } from './doubts.ts';
import {
  type Approval,
  type FoundRange,
  KEYS_LISTED,
  type PlanHeader,
  type PlanSection,
  planNames,
  type ReconcilePorts,
  type SealedPlan,
  type TouchedRange,
} from './plan.ts';

/** Objects that are read at a time: a plan of 10,000 ranges is read within a minute at some 100 ms each. */
const READS_AT_ONCE = 16;

/**
 * Completes a plan whose ranges have all been compared: lists its parts and the ranges that are touched, and gives the
 * whole a digest.
 *
 * @throws {ReconcileError} `PlanRefusedError` where ranges have not been compared
 */
export async function sealPlan(ports: ReconcilePorts, planId: string): Promise<SealedPlan> {
  const header = await readHeader(ports, planId);
  const before = await readDocument<SealedPlan>(ports, planNames.sealed(planId));
  if (before !== undefined) return before;
  const ranges = await readRanges(ports, planId);
  const found = await inParallel(ranges, READS_AT_ONCE, (range) =>
    readDocument<FoundRange>(ports, planNames.found(planId, range)),
  );
  const open = found.filter((range) => range === undefined).length;
  if (open > 0) {
    throw planRefused(
      `the plan ${planId} is unfinished: ${open} of ${ranges.length} ranges are not compared; go on with it`,
    );
  }
  const complete = found.filter((range) => range !== undefined);
  const strange = ranges.filter(({ range }, index) => !isSameContent(range, complete[index]?.range));
  if (strange.length > 0) {
    throw planRefused(
      `${strange.length} of ${ranges.length} ranges of the plan ${planId} were compared with other bounds than it has now; plan under another id`,
    );
  }
  const touched = ranges
    .map((range, index): TouchedRange => ({ ...range, parts: complete[index]?.parts ?? [] }))
    .filter(({ parts }) => header.verifiesAll || parts.length > 0);
  await writeDocument(ports, planNames.touched(planId), touched);
  await writeDocument(
    ports,
    planNames.parts(planId),
    complete.flatMap(({ parts }) => parts),
  );
  const sections = header.entities.map(({ entity }) => sectionOf(entity, complete));
  const said = { sections, needsApproval: sections.flatMap((section) => doubtsAbout(section)) };
  const sealed: SealedPlan = { planId, digest: await digestOf(ports, planId, said), ...said };
  await writeDocument(ports, planNames.sealed(planId), sealed);
  return sealed;
}

/**
 * Records that a plan may be applied.
 *
 * @param approval `isAutomatic`: no person has looked at it @default false
 * @throws {ReconcileError} `PlanRefusedError` where the plan is unfinished, or is not the one of that digest, or needs a
 * person
 */
export async function approvePlan(
  ports: ReconcilePorts,
  planId: string,
  {
    digest,
    approvedBy,
    isAutomatic = false,
  }: Pick<Approval, 'digest' | 'approvedBy'> & { readonly isAutomatic?: boolean },
): Promise<void> {
  const sealed = await readSealed(ports, planId);
  if (sealed.digest !== digest) {
    throw planRefused(`the plan ${planId} has the digest ${sealed.digest}, not ${digest}; look at it and approve that`);
  }
  if (isAutomatic && sealed.needsApproval.length > 0) {
    throw planRefused(
      `a person has to approve the plan ${planId}: ${sealed.needsApproval.join('; ')}; look at it and approve its digest ${digest}`,
    );
  }
  const approval: Approval = { digest, approvedBy, approvedAtEpochMs: ports.nowEpochMs() };
  await ports.store.create(planNames.approval(planId), JSON.stringify(approval));
}

/**
 * Makes sure that a plan is the one that was approved, to the last letter.
 *
 * @throws {ReconcileError} `PlanRefusedError`
 */
export async function assertApproved(ports: ReconcilePorts, planId: string): Promise<SealedPlan> {
  const sealed = await readSealed(ports, planId);
  const approval = await readDocument<Approval>(ports, planNames.approval(planId));
  if (approval === undefined)
    throw planRefused(`the plan ${planId} is not approved; approve its digest ${sealed.digest}`);
  const digest = await digestOf(ports, planId, sealed);
  if (digest === approval.digest) return sealed;
  throw planRefused(
    `the plan ${planId} is not the one that ${approval.approvedBy} approved (its digest is ${digest}, approved is ${approval.digest}); plan again under another id`,
  );
}

/** A plan that was completed. */
export function readSealed(ports: Pick<ReconcilePorts, 'store'>, planId: string): Promise<SealedPlan> {
  return requireDocument(ports, planNames.sealed(planId), `finish the plan ${planId} first`);
}

function sectionOf(entity: PlanHeader['entities'][number]['entity'], found: readonly FoundRange[]): PlanSection {
  const ranges = found.filter((range) => range.entity === entity.name);
  const sum = (number: (range: FoundRange) => number): number => ranges.reduce((all, range) => all + number(range), 0);
  const parts = ranges.flatMap((range) => range.parts);
  return {
    name: entity.name,
    tier: entity.tier,
    policy: entity.policy,
    compared: sum(({ summary }) => summary.rowsCompared),
    bytesMoved: sum(({ summary }) => summary.bytesMoved),
    differences: ranges.reduce((all, { summary }) => addCounts(all, summary.differences), NO_DIFFERENCES),
    puts: parts.reduce((all, { puts }) => all + puts, 0),
    overwrites: parts.reduce((all, { overwrites }) => all + overwrites, 0),
    deletes: parts.reduce((all, { deletes }) => all + deletes, 0),
    leftToReplication: sum(({ summary }) => summary.leftToReplication),
    unresolved: sum(({ summary }) => summary.unresolved),
    unresolvedKeys: ranges.flatMap(({ unresolvedKeys }) => unresolvedKeys).slice(0, KEYS_LISTED),
  };
}

/** The parts name the fingerprints of their texts, so that this covers every line of the plan, and what is shown of it. */
async function digestOf(
  { store, fingerprint }: ReconcilePorts,
  planId: string,
  { sections, needsApproval }: Pick<SealedPlan, 'sections' | 'needsApproval'>,
): Promise<string> {
  const names = [
    planNames.header(planId),
    planNames.ranges(planId),
    planNames.parts(planId),
    planNames.touched(planId),
  ];
  const prints = [fingerprint(JSON.stringify({ sections, needsApproval }))];
  for (const name of names) prints.push(fingerprint((await store.get(name)) ?? ''));
  return fingerprint(prints.join('\n'));
}
