import { inParallel } from '../in-parallel.ts';
import { readApplied, readParts } from './apply-plan.ts';
import { type DifferenceClass, totalOf } from './difference.ts';
import { readDocument, readHeader, writeDocument } from './documents.ts';
import type { Entity, RepairSides, Sides } from './entity.ts';
import {
  type Approval,
  KEYS_LISTED,
  type KeyReason,
  type PlanSection,
  planNames,
  type ReconcilePorts,
} from './plan.ts';
import { readSealed } from './seal-plan.ts';
import { readTouched, type VerifiedRange } from './verify-range.ts';

/** What a reconciliation found, did and left, entity by entity. */
export interface ReconcileReport {
  readonly schemaVersion: 1;
  readonly planId: string;
  readonly digest: string;
  readonly regions: Sides<string>;
  readonly cutEpochMs: number | null;
  readonly repair: RepairSides;
  readonly approvedBy: string | null;
  /** Why a person has to approve the plan whatever a config says; none: nothing. */
  readonly needsApproval: readonly string[];
  readonly sections: readonly ReportSection[];
  /** True where every touched range was compared again and nothing differs but what is left to a person; `null`: not verified. */
  readonly clean: boolean | null;
  /** What is left of the tiers that block; while there is any, traffic must not go back. */
  readonly blocking: { readonly total: number; readonly keys: readonly (KeyReason & { readonly entity: string })[] };
}

/** One entity of a report. */
export interface ReportSection {
  readonly name: string;
  readonly tier: Entity['tier'];
  readonly policy: Entity['policy'];
  /** Rows looked at when the plan was made. */
  readonly compared: number;
  readonly discrepancies: Readonly<Record<DifferenceClass | 'total', number>>;
  readonly resolved: number;
  /** Planned, and not applied yet. */
  readonly pending: number;
  /** With `source-only`: what the target gets from the source by replication. */
  readonly leftToReplication: number;
  /** Left alone, since somebody wrote the row after the plan was made; the verification tells whether it differs. */
  readonly changedSince: number;
  /** Left to a person: by policy, or because the store refuses it. */
  readonly unresolved: number;
  /** The first of them. */
  readonly keys: readonly KeyReason[];
  readonly bytesMoved: number;
  /** `null`: not verified. */
  readonly verified: VerifiedSection | null;
}

/** What the verification of an entity's touched ranges, or of all of them, found. */
export interface VerifiedSection {
  /** Rows of those ranges: with fewer than the plan compared, it says nothing of the others. */
  readonly compared: number;
  /** What still differs. */
  readonly remaining: number;
  /** How much of that the plan did not leave to a person. */
  readonly unexpected: number;
  /** What differed and was on its way; it says nothing against the data. */
  readonly inMotion: number;
  /** The first of what still differs. */
  readonly keys: readonly KeyReason[];
}

/** Objects that are read at a time. */
const READS_AT_ONCE = 16;

/** Draws up the report of a plan as it stands, and keeps it. @param verificationId of the last verification, if any */
export async function reportPlan(
  ports: Pick<ReconcilePorts, 'store'>,
  planId: string,
  verificationId?: string,
): Promise<ReconcileReport> {
  const report = await drawUpReport(ports, planId, verificationId);
  await writeDocument(ports, planNames.report(planId), report);
  return report;
}

/** Draws up the report of a plan as it stands. */
export async function drawUpReport(
  ports: Pick<ReconcilePorts, 'store'>,
  planId: string,
  verificationId?: string,
): Promise<ReconcileReport> {
  const header = await readHeader(ports, planId);
  const sealed = await readSealed(ports, planId);
  const applied = await readAppliedParts(ports, planId);
  const verified = await readVerification(ports, planId, verificationId);
  const approval = await readDocument<Approval>(ports, planNames.approval(planId));
  const sections = sealed.sections.map((section) => toSection(section, applied, verified));
  return {
    schemaVersion: 1,
    planId,
    digest: sealed.digest,
    regions: header.regions,
    cutEpochMs: header.cutEpochMs,
    repair: header.repair,
    approvedBy: approval?.approvedBy ?? null,
    needsApproval: sealed.needsApproval,
    sections,
    clean: verified === undefined ? null : sections.every((section) => section.verified?.unexpected === 0),
    blocking: blockingOf(sections.filter(({ tier }) => header.blockOn.includes(tier))),
  };
}

/** What blocks is what still differs where that was verified, else what the plan and its application have left. */
function blockingOf(sections: readonly ReportSection[]): ReconcileReport['blocking'] {
  const left = sections.map(({ name, unresolved, keys, verified }) => ({
    total: verified?.remaining ?? unresolved,
    keys: (verified?.keys ?? keys).map((key) => ({ entity: name, ...key })),
  }));
  return {
    total: left.reduce((sum, { total }) => sum + total, 0),
    keys: left.flatMap(({ keys }) => keys).slice(0, KEYS_LISTED),
  };
}

/** What became of a part, without more keys than are listed. */
interface AppliedPart {
  readonly entity: string;
  readonly resolved: number;
  readonly changedSince: number;
  readonly refused: number;
  readonly keys: readonly KeyReason[];
}

async function readAppliedParts(ports: Pick<ReconcilePorts, 'store'>, planId: string): Promise<readonly AppliedPart[]> {
  const parts = (await readParts(ports, planId)).filter(({ puts, deletes }) => puts + deletes > 0);
  return inParallel(parts, READS_AT_ONCE, async (part) => {
    const { applied, already, changedSince, refused } = await readApplied(ports, planId, part);
    return {
      entity: part.entity,
      resolved: applied + already,
      changedSince: changedSince.length,
      refused: refused.length,
      keys: [...refused, ...changedSince].slice(0, KEYS_LISTED),
    };
  });
}

/** Undefined where not every touched range was looked at in this verification. */
async function readVerification(
  ports: Pick<ReconcilePorts, 'store'>,
  planId: string,
  verificationId: string | undefined,
): Promise<readonly VerifiedRange[] | undefined> {
  if (verificationId === undefined) return undefined;
  const touched = await readTouched(ports, planId);
  const ranges = await inParallel(touched, READS_AT_ONCE, (range) =>
    readDocument<VerifiedRange>(ports, planNames.verified(planId, verificationId, range)),
  );
  const done = ranges.filter((range) => range !== undefined);
  return done.length < touched.length ? undefined : done;
}

function toSection(
  section: PlanSection,
  applied: readonly AppliedPart[],
  verified: readonly VerifiedRange[] | undefined,
): ReportSection {
  const { name, tier, policy, compared } = section;
  const parts = applied.filter(({ entity }) => entity === name);
  const again = verified?.filter(({ entity }) => entity === name);
  const total = totalOf(section.differences);
  const resolved = sumOf(parts, (part) => part.resolved);
  const changedSince = sumOf(parts, (part) => part.changedSince);
  const unresolved = section.unresolved + sumOf(parts, ({ refused }) => refused);
  const { leftToReplication } = section;
  return {
    name,
    tier,
    policy,
    compared,
    discrepancies: { ...section.differences, total },
    resolved,
    pending: total - resolved - unresolved - changedSince - leftToReplication,
    leftToReplication,
    changedSince,
    unresolved,
    keys: [...section.unresolvedKeys, ...parts.flatMap(({ keys }) => keys)].slice(0, KEYS_LISTED),
    bytesMoved: section.bytesMoved + sumOf(again ?? [], ({ bytesMoved }) => bytesMoved),
    verified: again === undefined ? null : verifiedSection(again),
  };
}

function verifiedSection(ranges: readonly VerifiedRange[]): VerifiedSection {
  return {
    compared: sumOf(ranges, ({ rowsCompared }) => rowsCompared),
    remaining: sumOf(ranges, ({ remaining }) => totalOf(remaining)),
    unexpected: sumOf(ranges, ({ unexpected }) => unexpected),
    inMotion: sumOf(ranges, ({ inMotion }) => inMotion),
    keys: ranges.flatMap(({ keys }) => keys).slice(0, KEYS_LISTED),
  };
}

function sumOf<Item>(items: readonly Item[], number: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + number(item), 0);
}
