import type { Entity } from '../../core/reconcile/entity.ts';
import { keyId } from '../../core/reconcile/key.ts';
import type { ChangeOutcome, RowChange, Table } from '../../core/reconcile/table.ts';
import { prepareAuditTable } from './audit-table.ts';
import { type ChangedTable, judge, type Locking, makeChanges, readDigests } from './changes.ts';
import { PostgresReader } from './postgres-reader.ts';
import { assertMayMove } from './sequences.ts';
import type { SqlSession } from './sql-session.ts';
import { isLockTimeout, refusalOf, refusesChange, translated } from './translate-error.ts';
import { TableLocked, Undone } from './undone.ts';

/** Changes of one transaction: few enough to hold their locks for a moment only. */
const CHANGES_AT_ONCE = 500;

/** A table of one side. */
export interface PostgresTableProps {
  readonly entity: Entity;
  readonly session: SqlSession;
  /** Name of the table that keeps lost versions, with its schema where it has one. */
  readonly auditTable: string;
  /** The Region whose table it is, for messages. */
  readonly region: string;
}

/**
 * An entity's table in PostgreSQL 14 or later. Reads of rows that agree move digests only; a repair compares and sets by
 * the digest, row by row, in a transaction with the versions that it takes away.
 */
export function createPostgresTable({ entity, session, auditTable, region }: PostgresTableProps): Table {
  const reader = new PostgresReader(session, entity);
  const call = <Result>(run: () => Promise<Result>): Promise<Result> => translated(`${entity.name} in ${region}`, run);
  return {
    shape: () => call(() => reader.shape()),
    estimateRows: () => call(() => reader.estimateRows()),
    boundaries: (range, parts, order) => call(() => reader.boundaries(range, parts, order)),
    digests: (ranges, order) => call(() => reader.digests(ranges, order)),
    rowDigests: (range, limit, order) => call(() => reader.rowDigests(range, limit, order)),
    state: (keys, detail) => call(() => reader.state(keys, detail)),
    digestsOf: (contents) => call(() => reader.digestsOf(contents)),
    prepareAudit: () =>
      call(async () => {
        await assertMayMove(session, (await reader.open()).sequences);
        await prepareAuditTable(session, auditTable);
      }),
    apply: (changes) => call(async () => applyAll(session, { ...(await reader.open()), entity, auditTable }, changes)),
  };
}

async function applyAll(
  session: SqlSession,
  table: ChangedTable,
  changes: readonly RowChange[],
): Promise<readonly ChangeOutcome[]> {
  const outcomes = new Map<RowChange, ChangeOutcome>();
  for (let at = 0; at < changes.length; at += CHANGES_AT_ONCE) {
    await applyTogether(session, table, { changes: changes.slice(at, at + CHANGES_AT_ONCE), outcomes });
  }
  return changes.map((change) => outcomes.get(change) ?? { kind: 'refused', reason: 'it was not tried' });
}

interface Batch {
  readonly changes: readonly RowChange[];
  readonly outcomes: Map<RowChange, ChangeOutcome>;
  /** @default 'waits' */
  readonly locking?: Locking;
}

/** One transaction for all; where something is refused, others for the rest, down to one for a change alone. */
async function applyTogether(session: SqlSession, table: ChangedTable, batch: Batch): Promise<void> {
  const { changes, outcomes, locking } = batch;
  if (changes.length === 0) return;
  try {
    const made = await session.transaction(async (queries) => {
      await queries.query("SELECT pg_catalog.set_config('switchyard.repairing', 'on', true)");
      return makeChanges(queries, table, changes, locking);
    });
    for (const [at, outcome] of made.entries()) setOutcome(outcomes, changes[at], outcome);
  } catch (error) {
    for (const part of await partsAfter(error, { ...batch, session, table })) {
      await applyTogether(session, table, { ...batch, ...part });
    }
  }
}

interface Failed extends Batch {
  readonly session: SqlSession;
  readonly table: ChangedTable;
}

/** What remains to be tried after a transaction was given up. */
async function partsAfter(error: unknown, batch: Failed): Promise<readonly Omit<Batch, 'outcomes'>[]> {
  const { changes, outcomes, locking = 'waits' } = batch;
  if (error instanceof Undone) {
    for (const [change, outcome] of error.outcomes) outcomes.set(change, outcome);
    return [{ changes: changes.filter((change) => !error.outcomes.has(change)), locking }];
  }
  if (error instanceof TableLocked) throw error.cause;
  // One wait is enough to know that rows are locked; which ones is found without another.
  if (isLockTimeout(error) && locking === 'waits') return [{ changes, locking: 'skips' }];
  if (!refusesChange(error) && !isLockTimeout(error)) throw error;
  const half = Math.ceil(changes.length / 2);
  if (changes.length > 1)
    return [
      { changes: changes.slice(0, half), locking },
      { changes: changes.slice(half), locking },
    ];
  const [change] = changes;
  setOutcome(outcomes, change, change === undefined ? undefined : await whyNot(error, batch, change));
  return [];
}

/** Somebody may have written the row in the same moment: then that is why, and not the constraint. */
async function whyNot(error: unknown, { session, table }: Failed, change: RowChange): Promise<ChangeOutcome> {
  const standing = await readDigests(session, table, [change.key]);
  const outcome = judge(change, standing.get(keyId(change.key)) ?? null);
  return outcome.kind === 'applied' ? { kind: 'refused', reason: refusalOf(error) } : outcome;
}

function setOutcome(
  outcomes: Map<RowChange, ChangeOutcome>,
  change: RowChange | undefined,
  outcome: ChangeOutcome | undefined,
): void {
  if (change !== undefined && outcome !== undefined) outcomes.set(change, outcome);
}
