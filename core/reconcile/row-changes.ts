import { otherSide, type SideState, stampOf } from './classify.ts';
import type { Difference, Stamp } from './difference.ts';
import type { Entity, RepairSides, Side, Sides } from './entity.ts';
import { type Merge, mergeVersions } from './merge.ts';
import type { AuditEntry, ChangeOutcome, Key, RowChange, RowVersion, TableReader } from './table.ts';

/** What is known where a difference is about to be repaired. */
export interface RepairContext {
  readonly planId: string;
  readonly entity: Entity;
  readonly regions: Sides<string>;
  readonly repair: RepairSides;
  readonly nowEpochMs: number;
  readonly merge?: Merge | undefined;
}

/** What is to be written where, or what became of it already. */
export type Repair =
  | { readonly kind: 'done'; readonly outcome: ChangeOutcome }
  /** A merge writes both sides; the target only where the source took it. */
  | { readonly kind: 'write'; readonly changes: Partial<Sides<RowChange>> };

const ALREADY: Repair = { kind: 'done', outcome: { kind: 'already' } };
const CHANGED_SINCE: Repair = { kind: 'done', outcome: { kind: 'changed-since' } };

/** Whether applying a difference writes rows, deletes one, or does nothing. */
export function changeKind({ resolution, ...stamps }: Difference): 'put' | 'delete' | 'none' {
  if (resolution.kind === 'unresolved') return 'none';
  if (resolution.kind === 'merge') return 'put';
  return stamps[resolution.side].kind === 'row' ? 'put' : 'delete';
}

/** Whether applying it writes over another version. */
export function isOverwrite(difference: Difference): boolean {
  const { source, target } = difference;
  return changeKind(difference) === 'put' && source.kind === 'row' && target.kind === 'row';
}

/** The changes that carry out what a plan says of one difference, judged by how both sides stand now. */
export async function repairOf(
  difference: Difference,
  states: Sides<SideState>,
  context: RepairContext,
  table: TableReader,
): Promise<Repair> {
  const { resolution } = difference;
  if (resolution.kind === 'take') return takeSide(difference, states, { ...context, winner: resolution.side });
  if (resolution.kind === 'merge') return mergeSides(difference, resolution.digest, { states, context, table });
  return { kind: 'done', outcome: { kind: 'refused', reason: resolution.reason } };
}

function takeSide(
  difference: Difference,
  states: Sides<SideState>,
  context: RepairContext & { readonly winner: Side },
): Repair {
  const { winner } = context;
  const loser = otherSide(winner);
  const [won, lost] = [states[winner].row, states[loser].row];
  // Where nothing is written in the target, what it loses is kept whatever the source has become since.
  const isRecord = context.repair === 'source-only' && loser === 'target';
  if (!isRecord && !isAsPlanned(difference[winner], states[winner])) return CHANGED_SINCE;
  if (won?.digest === lost?.digest) return ALREADY;
  if (!isAsPlanned(difference[loser], states[loser])) return CHANGED_SINCE;
  const reason = `the version of ${context.regions[winner]} was taken: ${context.entity.policy}, ${difference.class}`;
  const audit = auditOf(lost, { ...context, side: loser, reason });
  const { key } = difference;
  if (isRecord) return recordOnly(key, won, audit);
  const content = { columns: won?.columns ?? null, wanted: won?.digest ?? null };
  return { kind: 'write', changes: { [loser]: { key, expected: lost?.digest ?? null, ...content, audit } } };
}

/** Where nothing is written in the target, what that is about to lose goes into the audit of the source, whose row stays. */
function recordOnly(key: Key, standing: RowVersion | undefined, audit: readonly AuditEntry[]): Repair {
  const digest = standing?.digest ?? null;
  const change = { key, expected: digest, columns: standing?.columns ?? null, wanted: digest, audit };
  return { kind: 'write', changes: { source: change } };
}

interface MergeWork {
  readonly states: Sides<SideState>;
  readonly context: RepairContext;
  readonly table: TableReader;
}

/** Where one side has the merged row already, the function is not asked again: its other half is no longer there. */
async function mergeSides(difference: Difference, digest: string, work: MergeWork): Promise<Repair> {
  const { source, target } = { source: work.states.source.row, target: work.states.target.row };
  if (source === undefined || target === undefined) return CHANGED_SINCE;
  const versions = { source, target };
  const { repair, entity } = work.context;
  const reason = `both versions were merged by ${entity.mergeFunction}`;
  const lostIn = (side: Side): readonly AuditEntry[] => auditOf(versions[side], { ...work.context, side, reason });
  const isSourceOnly = repair === 'source-only';
  const other = SIDES.filter((side) => versions[side].digest !== digest);
  if (other.length === 0) return ALREADY;
  const open = isSourceOnly ? other.filter((side) => side === 'source') : other;
  if (open.length === 0) return recordOnly(difference.key, source, lostIn('target'));
  const done = SIDES.find((side) => versions[side].digest === digest);
  // The function is asked again only where nobody has its row yet; then both versions must be those of the plan.
  const needed = done === undefined ? SIDES : open;
  if (!needed.every((side) => isAsPlanned(difference[side], work.states[side]))) return CHANGED_SINCE;
  const merged = done === undefined ? await mergeAgain(difference, versions, work) : versions[done];
  if ('failure' in merged) return { kind: 'done', outcome: { kind: 'refused', reason: merged.failure } };
  if (merged.digest !== digest) return { kind: 'done', outcome: { kind: 'refused', reason: OTHER_MERGE } };
  const changes = open.map((side) => {
    const audit = isSourceOnly ? other.flatMap(lostIn) : lostIn(side);
    const { columns } = merged;
    return [side, { key: difference.key, expected: versions[side].digest, columns, wanted: digest, audit }];
  });
  return { kind: 'write', changes: Object.fromEntries(changes) };
}

const SIDES: readonly Side[] = ['source', 'target'];
const OTHER_MERGE = 'the merge function gave another row than when the plan was made; it must give the same every time';

function mergeAgain({ key }: Difference, versions: Sides<RowVersion>, { context, table }: MergeWork) {
  const { entity, regions, merge } = context;
  const mergeFunction = entity.mergeFunction ?? '(none is named)';
  return mergeVersions(merge, { entity: entity.name, mergeFunction, key, regions, versions }, table);
}

/** What Tier 1 loses is kept; of the others it is what their tables' own history says. */
function auditOf(
  version: RowVersion | undefined,
  context: RepairContext & { readonly side: Side; readonly reason: string },
): readonly AuditEntry[] {
  const { planId, entity, regions, nowEpochMs, side, reason } = context;
  if (version === undefined || entity.tier !== 'critical') return [];
  const { key } = version;
  const region = regions[side];
  return [{ planId, entity: entity.name, key, region, version, reason, recordedAtEpochMs: nowEpochMs }];
}

function isAsPlanned(planned: Stamp, state: SideState): boolean {
  const now = stampOf(state);
  if (planned.kind === 'row') return now.kind === 'row' && now.digest === planned.digest;
  if (planned.kind === 'nothing') return now.kind === 'nothing';
  return now.kind === 'tombstone' && now.deletedAtEpochMs === planned.deletedAtEpochMs;
}
