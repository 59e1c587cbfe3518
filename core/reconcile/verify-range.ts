import type { PartPaused } from './apply-part.ts';
import { readApplied, readPart } from './apply-plan.ts';
import { createBatchSize, inBatches } from './batch-size.ts';
import { compareRange, isLeftToReplication, judgeKeys } from './compare-range.ts';
import { addCounts, type ClassCounts, type Difference, NO_DIFFERENCES } from './difference.ts';
import { entityOf, planRefused, readDocument, requireDocument, writeDocument } from './documents.ts';
import type { RepairSides } from './entity.ts';
import { keyId } from './key.ts';
import {
  type FoundRange,
  KEYS_LISTED,
  type KeyReason,
  type PlanHeader,
  planNames,
  type RangeRef,
  type ReconcilePorts,
  type TouchedRange,
} from './plan.ts';
import { lookAgain, type Suspects } from './settle.ts';
import { createTraffic } from './traffic.ts';

/** What is left of a range that was touched. */
export interface VerifiedRange {
  readonly kind: 'done';
  readonly entity: string;
  readonly index: number;
  readonly rowsCompared: number;
  readonly bytesMoved: number;
  /** What differs and stands still, whatever it is. */
  readonly remaining: ClassCounts;
  /** How much of that the plan did not leave to a person. */
  readonly unexpected: number;
  /** What differed and was on its way: the target had moved, or it was gone, when it was looked at again. */
  readonly inMotion: number;
  /** The first of what differs and stands still. */
  readonly keys: readonly KeyReason[];
}

/** One verification: looks at each range once, however often it is repeated. Another one, under another id, looks anew. */
export interface Verification {
  readonly verificationId: string;
  /**
   * How long replication may take, in seconds: what differs is looked at again after that, so that what is on its way is
   * no difference. 0: nobody writes, so every difference stands.
   */
  readonly settleSeconds: number;
  /** Told of rows that have been compared. @default - nobody is */
  readonly onRows?: ((rows: number) => void) | undefined;
}

/** Every range of a plan in which something was to be done or was left to a person; all of them where nothing replicates. */
export function readTouched(ports: Pick<ReconcilePorts, 'store'>, planId: string): Promise<readonly TouchedRange[]> {
  return requireDocument(ports, planNames.touched(planId), `finish the plan ${planId} first`);
}

/** A range to be verified, as it stands in a list of work: however much differed in it, it is as short as any other. */
export interface TouchedRef extends RangeRef {
  /** Of the parts that the plan has of it. */
  readonly partsFingerprint: string;
}

/** The range without its parts. */
export function touchedRef({ fingerprint }: Pick<ReconcilePorts, 'fingerprint'>, touched: TouchedRange): TouchedRef {
  const { parts, ...range } = touched;
  return { ...range, partsFingerprint: fingerprint(JSON.stringify(parts)) };
}

/**
 * The range with its parts, as they were found.
 *
 * @throws {ReconcileError} `PlanRefusedError` where they are not those of the plan
 */
export async function touchedRange(
  ports: Pick<ReconcilePorts, 'store' | 'fingerprint'>,
  planId: string,
  { partsFingerprint, ...range }: TouchedRef,
): Promise<TouchedRange> {
  const name = planNames.found(planId, range);
  const { parts } = await requireDocument<FoundRange>(ports, name, 'plan again under another id');
  if (ports.fingerprint(JSON.stringify(parts)) === partsFingerprint) return { ...range, parts };
  throw planRefused(`${name} is not what was planned; plan again under another id`);
}

/** Compares a range again. Paused: the same call goes on after that time, and looks again at what differed. */
export async function verifyPlanRange(
  ports: ReconcilePorts,
  header: PlanHeader,
  ref: TouchedRange,
  verification: Verification,
): Promise<VerifiedRange | PartPaused> {
  const name = planNames.verified(header.planId, verification.verificationId, ref);
  const before = await readDocument<VerifiedRange>(ports, name);
  if (before !== undefined) return before;
  const looksName = planNames.looks(header.planId, verification.verificationId, ref);
  const earlier = await readDocument<RangeLook>(ports, looksName);
  const work: RangeVerification = { ports, header, ref, verification };
  const look = earlier === undefined ? await firstLook(work) : await nextLook(work, earlier);
  const isSettled = look.suspects.keys.length === 0 || look.suspects.isLast || verification.settleSeconds === 0;
  if (isSettled) {
    const verified = conclude(look, verification.settleSeconds);
    await writeDocument(ports, name, verified);
    return verified;
  }
  await writeDocument(ports, looksName, look);
  return { kind: 'paused', waitSeconds: verification.settleSeconds };
}

interface RangeVerification {
  readonly ports: ReconcilePorts;
  readonly header: PlanHeader;
  readonly ref: TouchedRange;
  readonly verification: Verification;
}

/** What is known of a range between two looks. */
interface RangeLook {
  readonly verified: VerifiedRange;
  readonly suspects: Suspects;
}

async function firstLook({ ports, header, ref, verification: { onRows } }: RangeVerification): Promise<RangeLook> {
  const { entity } = entityOf(header, ref.entity);
  const planned = await readPlanned(ports, header, ref);
  const { cutEpochMs, regions, repair } = header;
  const found = createFindings(ref);
  const suspects: Difference[] = [];
  const { merge, limits } = ports;
  const work = {
    entity,
    range: ref.range,
    order: ref.order,
    cutEpochMs,
    regions,
    repair,
    merge,
    limits,
    onRows,
  };
  const summary = await compareRange(work, ports.tables(entity), async (differences) => {
    for (const difference of differences) {
      const id = keyId(difference.key);
      if (isLeft(difference, planned, repair)) continue;
      if (planned.unresolved.has(id)) found.add(difference, true);
      else if (suspects.length < MOST_SUSPECTS) suspects.push(difference);
      else found.add(difference, false);
    }
  });
  const { rowsCompared, bytesMoved } = summary;
  return {
    verified: { ...found.verified(), rowsCompared, bytesMoved },
    suspects: { keys: suspects, isLast: false, look: 1 },
  };
}

/** Differences that are looked at again; a range where more stand out is not one where some rows are on their way. */
const MOST_SUSPECTS = 10_000;

async function nextLook(
  { ports, header, ref }: RangeVerification,
  { verified, suspects }: RangeLook,
): Promise<RangeLook> {
  const { entity } = entityOf(header, ref.entity);
  const planned = await readPlanned(ports, header, ref);
  const { cutEpochMs, regions, repair } = header;
  const traffic = createTraffic();
  const size = createBatchSize();
  const again = await lookAgain(suspects, async (keys) => {
    const differences: Difference[] = [];
    await inBatches(keys, size, async (batch) => {
      const before = traffic.bytes;
      const work = { entity, cutEpochMs, regions, repair, merge: ports.merge };
      differences.push(...(await judgeKeys(work, ports.tables(entity), batch, traffic)));
      return traffic.bytes - before;
    });
    return differences.filter((difference) => !isLeft(difference, planned, repair));
  });
  const found = createFindings(ref, verified);
  for (const difference of again.standing) found.add(difference, false);
  const inMotion = verified.inMotion + again.settled;
  const bytesMoved = verified.bytesMoved + traffic.bytes;
  return { verified: { ...found.verified(), inMotion, bytesMoved }, suspects: again.suspects };
}

/** What is still moving in the end is on its way; where nobody was to wait, everything stands. */
function conclude({ verified, suspects }: RangeLook, settleSeconds: number): VerifiedRange {
  if (settleSeconds > 0) return { ...verified, inMotion: verified.inMotion + suspects.keys.length };
  const found = createFindings(verified, verified);
  for (const difference of suspects.keys) found.add(difference, false);
  return found.verified();
}

interface Findings {
  add(difference: Difference, isExpected: boolean): void;
  verified(): VerifiedRange;
}

function createFindings({ entity, index }: Pick<RangeRef, 'entity' | 'index'>, before?: VerifiedRange): Findings {
  let remaining = before?.remaining ?? NO_DIFFERENCES;
  let unexpected = before?.unexpected ?? 0;
  const keys = [...(before?.keys ?? [])];
  return {
    add: (difference, isExpected) => {
      remaining = addCounts(remaining, { ...NO_DIFFERENCES, [difference.class]: 1 });
      if (!isExpected) unexpected += 1;
      if (keys.length < KEYS_LISTED) keys.push({ key: difference.key, reason: reasonOf(difference, isExpected) });
    },
    verified: () => {
      const { rowsCompared, bytesMoved, inMotion } = before ?? { rowsCompared: 0, bytesMoved: 0, inMotion: 0 };
      return { kind: 'done', entity, index, rowsCompared, bytesMoved, remaining, unexpected, inMotion, keys };
    },
  };
}

function reasonOf({ class: name, resolution }: Difference, isExpected: boolean): string {
  if (!isExpected) return `still differs: ${name}`;
  return resolution.kind === 'unresolved' ? resolution.reason : 'left to a person when the plan was made';
}

/** What the target gets from the source; unless that takes a version of Tier 1 away which could not be recorded. */
function isLeft(difference: Difference, { merged, unrecorded }: Planned, repair: RepairSides): boolean {
  const id = keyId(difference.key);
  if (unrecorded.has(id)) return false;
  return isLeftToReplication(difference, repair) || isMerged(difference, merged.get(id));
}

/** Whether the source has the merged row: where nothing is written in the target, it gets that by replication. */
function isMerged({ source }: Difference, digest: string | undefined): boolean {
  return digest !== undefined && source.kind === 'row' && source.digest === digest;
}

/** What the plan says of the keys of a range; no more of them than the range has rows. */
interface Planned {
  readonly unresolved: ReadonlySet<string>;
  /** With `source-only`, the digests that merged rows have, by key. */
  readonly merged: ReadonlyMap<string, string>;
  /** With `source-only`, keys whose repair was not made: what is lost there may be in no audit. */
  readonly unrecorded: ReadonlySet<string>;
}

/** By the parts that the digest of the plan covers. */
async function readPlanned(
  ports: ReconcilePorts,
  { planId, repair }: PlanHeader,
  { parts }: TouchedRange,
): Promise<Planned> {
  const unresolved = new Set<string>();
  const merged = new Map<string, string>();
  const unrecorded = new Set<string>();
  for (const part of parts) {
    if (repair === 'source-only') {
      const { changedSince, refused } = await readApplied(ports, planId, part);
      for (const { key } of [...changedSince, ...refused]) unrecorded.add(keyId(key));
    }
    for (const { key, resolution } of await readPart(ports, planId, part)) {
      if (resolution.kind === 'unresolved') unresolved.add(keyId(key));
      if (resolution.kind === 'merge' && repair === 'source-only') merged.set(keyId(key), resolution.digest);
    }
  }
  return { unresolved, merged, unrecorded };
}
