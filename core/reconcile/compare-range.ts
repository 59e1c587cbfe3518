import { inParallel } from '../in-parallel.ts';
import { createBatchSize, inBatches } from './batch-size.ts';
import { BISECTION_LIMITS, type Bisection, type BisectionLimits, bisect, type Leaf } from './bisect.ts';
import { type Classified, classify, type SideState, stampOf } from './classify.ts';
import { addCounts, type ClassCounts, type Difference, NO_DIFFERENCES, type Resolution } from './difference.ts';
import type { Entity, RepairSides, Sides } from './entity.ts';
import { keyId } from './key.ts';
import { type Merge, mergeVersions } from './merge.ts';
import { resolve } from './resolve.ts';
import type { DigestReader, Key, KeyedState, KeyOrder, KeyRange, RowDigest, RowVersion, TableReader } from './table.ts';
import { createTraffic, type Traffic } from './traffic.ts';

/** A range to be compared. */
export interface RangeWork {
  readonly entity: Entity;
  readonly range: KeyRange;
  readonly order: KeyOrder;
  /** When the Regions parted, epoch ms; `null` where nobody knows. */
  readonly cutEpochMs: number | null;
  readonly regions: Sides<string>;
  readonly repair: RepairSides;
  /** @default - none: what is to be merged stays unresolved */
  readonly merge?: Merge | undefined;
  /** @default BISECTION_LIMITS */
  readonly limits?: BisectionLimits | undefined;
  /** Told of rows that have been compared, for progress. */
  readonly onRows?: ((rows: number) => void) | undefined;
}

/** What came of a range. */
export interface RangeSummary {
  /** Keys looked at on either side, by digest of their range or one by one. */
  readonly rowsCompared: number;
  readonly bytesMoved: number;
  readonly differences: ClassCounts;
  readonly unresolved: number;
  /** Found, and not given to the sink: with `source-only`, what the source has already and the target gets from it. */
  readonly leftToReplication: number;
}

/** Calls of a merge function that run at the same time; everything else here waits for nothing. */
const MERGES_AT_ONCE = 8;

/** Takes differences as they are found; a few hundred at most at a time. */
export type DifferenceSink = (differences: readonly Difference[]) => Promise<void>;

/**
 * Compares the two sides of a range. Reads nothing but digests where they agree; gives each difference to the sink once,
 * with what the entity's policy makes of it. Rows that become equal while it looks, as replication does, are none.
 */
export async function compareRange(
  work: RangeWork,
  tables: Sides<TableReader>,
  sink: DifferenceSink,
): Promise<RangeSummary> {
  const tally = createTally(work.onRows);
  const bisection: Bisection = {
    tables: { source: readerOf(tables.source), target: readerOf(tables.target) },
    order: work.order,
    limits: work.limits ?? BISECTION_LIMITS,
    traffic: tally.traffic,
    compared: tally.compared,
  };
  const size = createBatchSize();
  for await (const leaf of bisect(bisection, work.range)) {
    const { keys, looked } = differingKeys(leaf);
    tally.compared(looked);
    await inBatches(keys, size, async (batch) => {
      const before = tally.traffic.bytes;
      const found = await judgeKeys(work, tables, batch, tally.traffic);
      const differences = found.filter((difference) => !isLeft(difference, work));
      tally.found(found, found.length - differences.length);
      if (differences.length > 0) await sink(differences);
      return tally.traffic.bytes - before;
    });
  }
  return tally.summary();
}

function readerOf(table: TableReader): DigestReader {
  return table.comparing?.() ?? table;
}

interface Tally {
  readonly traffic: Traffic;
  readonly compared: (rows: number) => void;
  readonly found: (differences: readonly Difference[], leftToReplication: number) => void;
  readonly summary: () => RangeSummary;
}

function createTally(onRows: RangeWork['onRows']): Tally {
  const traffic = createTraffic();
  let [rowsCompared, unresolved, leftToReplication] = [0, 0, 0];
  let counts = NO_DIFFERENCES;
  return {
    traffic,
    compared: (rows) => {
      rowsCompared += rows;
      onRows?.(rows);
    },
    found: (differences, left) => {
      leftToReplication += left;
      for (const { class: name, resolution } of differences) {
        counts = addCounts(counts, { ...NO_DIFFERENCES, [name]: 1 });
        if (resolution.kind === 'unresolved') unresolved += 1;
      }
    },
    summary: () => ({ rowsCompared, bytesMoved: traffic.bytes, differences: counts, unresolved, leftToReplication }),
  };
}

/** Joined by key in a map: how keys are ordered is the store's affair. */
function differingKeys({ source, target }: Leaf): { readonly keys: readonly Key[]; readonly looked: number } {
  const unmatched = new Map<string, RowDigest>(source.map((row) => [keyId(row.key), row]));
  const keys: Key[] = [];
  let looked = source.length;
  for (const row of target) {
    const id = keyId(row.key);
    const other = unmatched.get(id);
    if (other === undefined) looked += 1;
    if (other?.digest !== row.digest) keys.push(row.key);
    unmatched.delete(id);
  }
  for (const { key } of unmatched.values()) keys.push(key);
  return { keys, looked };
}

function isLeft(difference: Difference, { repair, entity }: RangeWork): boolean {
  if (!isLeftToReplication(difference, repair)) return false;
  return entity.tier !== 'critical' || !losesVersion(difference);
}

/** Whether the target gets what the source has without anything being written there. */
export function isLeftToReplication({ source, resolution }: Difference, repair: RepairSides): boolean {
  if (repair === 'both-sides' || resolution.kind === 'unresolved') return false;
  if (resolution.kind === 'take') return resolution.side === 'source';
  return source.kind === 'row' && source.digest === resolution.digest;
}

/** A version of the target's that the source has never had, as far as one knows: nobody else keeps it. */
function losesVersion({ target, changedIn }: Difference): boolean {
  return target.kind === 'row' && changedIn !== 'source';
}

/** What of a range's work a judgement depends on. */
export type Judged = Pick<RangeWork, 'entity' | 'regions' | 'cutEpochMs' | 'repair' | 'merge'>;

/** The differences between what both sides have under some keys now, each with what the policy makes of it. */
export async function judgeKeys(
  work: Judged,
  tables: Sides<TableReader>,
  keys: readonly Key[],
  traffic: Traffic,
): Promise<readonly Difference[]> {
  // Only a merge function needs what the rows say: nothing else of them is held, however large they are.
  const detail = work.entity.policy === 'merge' ? 'contents' : 'digests';
  const [source, target] = await Promise.all([tables.source.state(keys, detail), tables.target.state(keys, detail)]);
  traffic.state(source);
  traffic.state(target);
  const lookUp = { source: byKey(source), target: byKey(target) };
  const judged = await inParallel(keys, MERGES_AT_ONCE, async (key): Promise<Difference | undefined> => {
    const states = { source: lookUp.source(key), target: lookUp.target(key) };
    const classified = classify(states, work.cutEpochMs);
    if (classified === undefined) return undefined;
    const resolution = await rule(work, tables.source, { key, states, classified });
    const stamps = { source: stampOf(states.source), target: stampOf(states.target) };
    return { key, ...classified, ...stamps, resolution };
  });
  return judged.filter((difference) => difference !== undefined);
}

/** Finds what a side has under a key. */
export function byKey({ rows, tombstones, tombstonesSinceEpochMs }: KeyedState): (key: Key) => SideState {
  const found = {
    rows: new Map<string, RowVersion>(rows.map((row) => [keyId(row.key), row])),
    tombstones: new Map(tombstones.map((tombstone) => [keyId(tombstone.key), tombstone])),
  };
  return (key) => ({
    row: found.rows.get(keyId(key)),
    tombstone: found.tombstones.get(keyId(key)),
    tombstonesSinceEpochMs,
  });
}

interface Found {
  readonly key: Key;
  readonly states: Sides<SideState>;
  readonly classified: Classified;
}

async function rule(work: Judged, table: TableReader, { key, states, classified }: Found): Promise<Resolution> {
  const { entity, regions, cutEpochMs, repair, merge } = work;
  const ruling = resolve(entity, { classified, states, regions, cutEpochMs, repair });
  if (ruling.kind !== 'merge') return ruling;
  const { source, target } = { source: states.source.row, target: states.target.row };
  if (source === undefined || target === undefined) throw new TypeError('a merge takes two rows');
  const mergeFunction = entity.mergeFunction ?? '(none is named)';
  const request = { entity: entity.name, mergeFunction, key, regions, versions: { source, target } };
  const merged = await mergeVersions(merge, request, table);
  return 'failure' in merged
    ? { kind: 'unresolved', reason: merged.failure }
    : { kind: 'merge', digest: merged.digest };
}
