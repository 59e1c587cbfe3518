import { createBatchSize } from './batch-size.ts';
import type { SideState } from './classify.ts';
import { byKey } from './compare-range.ts';
import type { Difference } from './difference.ts';
import type { Side, Sides } from './entity.ts';
import type { KeyReason } from './plan.ts';
import { type Repair, type RepairContext, repairOf } from './row-changes.ts';
import type { ChangeOutcome, RowChange, Table } from './table.ts';
import { createTraffic, type Traffic } from './traffic.ts';

/** Repairs to be made. */
export interface PartWork extends RepairContext {
  readonly differences: readonly Difference[];
  /** Asked between batches: seconds to wait, 0 to go on. @default - never waits */
  readonly pace?: (() => Promise<number>) | undefined;
}

/** What became of the repairs of a part. */
export interface PartSummary {
  readonly kind: 'done';
  /** Made now. */
  readonly applied: number;
  /** Found made, by an earlier run. */
  readonly already: number;
  /** Left alone, since somebody wrote the row after the plan was made. */
  readonly changedSince: readonly KeyReason[];
  /** Refused by the store or the merge function. */
  readonly refused: readonly KeyReason[];
}

/** The other side cannot follow: nothing is wrong, the same call goes on later. */
export interface PartPaused {
  readonly kind: 'paused';
  readonly waitSeconds: number;
}

/**
 * Makes repairs, each only where both sides are still as they were when it was planned. Repeating it changes nothing. What
 * is refused is tried again, the last one first, as long as that gets further: a row may refer to one of the same table
 * that comes after it.
 */
export async function applyPart(work: PartWork, tables: Sides<Table>): Promise<PartSummary | PartPaused> {
  const outcomes = new Map<Difference, ChangeOutcome>();
  for (let open = work.differences; open.length > 0; ) {
    const made = await applyAll({ ...work, differences: open }, tables);
    if ('kind' in made) return made;
    for (const { difference, outcome } of made) outcomes.set(difference, outcome);
    const refused = made.filter(({ outcome }) => outcome.kind === 'refused').map(({ difference }) => difference);
    open = refused.length < open.length ? refused.toReversed() : [];
  }
  return summaryOf([...outcomes].map(([difference, outcome]) => ({ difference, outcome })));
}

async function applyAll(work: PartWork, tables: Sides<Table>): Promise<readonly Outcome[] | PartPaused> {
  const outcomes: Outcome[] = [];
  const size = createBatchSize();
  for (let first = 0; first < work.differences.length; ) {
    const waitSeconds = (await work.pace?.()) ?? 0;
    if (waitSeconds > 0) return { kind: 'paused', waitSeconds };
    const batch = work.differences.slice(first, first + size.rows);
    const traffic = createTraffic();
    outcomes.push(...(await applyBatch(work, batch, { tables, traffic })));
    size.learn(batch.length, traffic.bytes);
    first += batch.length;
  }
  return outcomes;
}

interface Outcome {
  readonly difference: Difference;
  readonly outcome: ChangeOutcome;
}

interface OpenRepair {
  readonly difference: Difference;
  readonly repair: Repair;
}

async function applyBatch(
  work: PartWork,
  differences: readonly Difference[],
  { tables, traffic }: { readonly tables: Sides<Table>; readonly traffic: Traffic },
): Promise<readonly Outcome[]> {
  const keys = differences.map(({ key }) => key);
  const [source, target] = await Promise.all([tables.source.state(keys), tables.target.state(keys)]);
  traffic.state(source);
  traffic.state(target);
  const lookUp = { source: byKey(source), target: byKey(target) };
  const repairs: OpenRepair[] = [];
  for (const difference of differences) {
    const states: Sides<SideState> = { source: lookUp.source(difference.key), target: lookUp.target(difference.key) };
    repairs.push({ difference, repair: await repairOf(difference, states, work, tables.source) });
  }
  const outcomes = new Map<Difference, ChangeOutcome>();
  for (const { difference, repair } of repairs) if (repair.kind === 'done') outcomes.set(difference, repair.outcome);
  await write('source', { repairs, outcomes, tables });
  await write('target', { repairs, outcomes, tables });
  return differences.map((difference) => ({ difference, outcome: outcomes.get(difference) ?? { kind: 'already' } }));
}

interface Writing {
  readonly repairs: readonly OpenRepair[];
  /** Worst outcome so far; a merge that one side did not take is not written to the other. */
  readonly outcomes: Map<Difference, ChangeOutcome>;
  readonly tables: Sides<Table>;
}

async function write(side: Side, { repairs, outcomes, tables }: Writing): Promise<void> {
  const changes: { readonly difference: Difference; readonly change: RowChange }[] = [];
  for (const { difference, repair } of repairs) {
    const change = repair.kind === 'write' ? repair.changes[side] : undefined;
    if (change !== undefined && isTaken(outcomes.get(difference))) changes.push({ difference, change });
  }
  if (changes.length === 0) return;
  const given = await tables[side].apply(changes.map(({ change }) => change));
  for (const [index, { difference }] of changes.entries()) {
    const outcome = given[index] ?? { kind: 'refused', reason: 'the table gave no outcome for it' };
    const before = outcomes.get(difference);
    outcomes.set(difference, outcome.kind === 'already' && before !== undefined ? before : outcome);
  }
}

function isTaken(outcome: ChangeOutcome | undefined): boolean {
  return outcome === undefined || outcome.kind === 'applied' || outcome.kind === 'already';
}

function summaryOf(outcomes: readonly Outcome[]): PartSummary {
  const count = (kind: ChangeOutcome['kind']): number => outcomes.filter(({ outcome }) => outcome.kind === kind).length;
  return {
    kind: 'done',
    applied: count('applied'),
    already: count('already'),
    changedSince: outcomes
      .filter(({ outcome }) => outcome.kind === 'changed-since')
      .map(({ difference: { key } }) => ({ key, reason: 'somebody wrote it after the plan was made' })),
    refused: outcomes.flatMap(({ difference: { key }, outcome }) =>
      outcome.kind === 'refused' ? [{ key, reason: outcome.reason }] : [],
    ),
  };
}
