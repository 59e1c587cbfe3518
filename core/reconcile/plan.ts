import type { BisectionLimits } from './bisect.ts';
import type { RangeSummary } from './compare-range.ts';
import type { ClassCounts } from './difference.ts';
import type { Entity, RepairSides, Sides, Tier } from './entity.ts';
import type { Merge } from './merge.ts';
import type { Fingerprint, ReconcileStore } from './store.ts';
import type { Key, KeyOrder, KeyRange, Table } from './table.ts';

/** What the steps of a reconciliation reach. */
export interface ReconcilePorts {
  readonly store: ReconcileStore;
  /** Both sides' tables of an entity of the plan. */
  readonly tables: (entity: Entity) => Sides<Table>;
  readonly fingerprint: Fingerprint;
  readonly nowEpochMs: () => number;
  /** @default - none: what is to be merged stays unresolved */
  readonly merge?: Merge | undefined;
  /** @default BISECTION_LIMITS */
  readonly limits?: BisectionLimits | undefined;
  /** Asked between batches of writes: seconds to wait, 0 to go on. @default - never waits */
  readonly pace?: (() => Promise<number>) | undefined;
}

/** What is to be reconciled. */
export interface PlanRequest {
  /** 1 to 128 letters, digits, `.`, `_` and `-`. The same id goes on with the same plan. */
  readonly planId: string;
  readonly regions: Sides<string>;
  /** When the Regions parted, epoch ms; `null` where nobody knows. */
  readonly cutEpochMs: number | null;
  readonly repair: RepairSides;
  /** Tiers in which what is left to a person keeps traffic from going back. */
  readonly blockOn: readonly Tier[];
  /** Parents before those whose rows refer to them. */
  readonly entities: readonly Entity[];
  /** About how many rows one worker compares at a time. */
  readonly rowsPerRange: number;
  /**
   * Whether every range is verified and not only those that were touched: where nothing replicates, what is written after
   * the plan in another range is missing on the other side. @default false
   */
  readonly verifiesAll?: boolean | undefined;
}

/** Beginning of a plan; whoever works on it takes what is to be done from here and not from a config. */
export interface PlanHeader {
  readonly schemaVersion: 1;
  readonly planId: string;
  readonly createdAtEpochMs: number;
  readonly regions: Sides<string>;
  readonly cutEpochMs: number | null;
  readonly repair: RepairSides;
  readonly blockOn: readonly Tier[];
  readonly verifiesAll: boolean;
  readonly entities: readonly EntityPlan[];
}

/** An entity as it is planned. */
export interface EntityPlan {
  readonly entity: Entity;
  /** For progress only. */
  readonly estimatedRows: number;
}

/** One range of one entity: the unit of comparing and of verifying. */
export interface RangeRef {
  readonly entity: string;
  /** Its place among the ranges of the entity, from 0. */
  readonly index: number;
  /** In which its bounds are meant. */
  readonly order: KeyOrder;
  readonly range: KeyRange;
}

/** A range to be verified, with what the plan has of it. */
export interface TouchedRange extends RangeRef {
  readonly parts: readonly PartRef[];
}

/** One part of what was found in a range: the unit of applying. */
export interface PartRef {
  readonly entity: string;
  readonly index: number;
  /** Its place among the parts of the range, from 0. */
  readonly part: number;
  readonly differences: number;
  /** Rows to be written, on one side or, merged, on both. */
  readonly puts: number;
  /** How many of those take the place of another version. */
  readonly overwrites: number;
  readonly deletes: number;
  /** Of the part's text: a part that was changed since is refused. */
  readonly fingerprint: string;
}

/** A key that is left to a person, and why. */
export interface KeyReason {
  readonly key: Key;
  readonly reason: string;
}

/** What was found in a range. */
export interface FoundRange extends TouchedRange {
  readonly summary: RangeSummary;
  /** The first ones. */
  readonly unresolvedKeys: readonly KeyReason[];
}

/** What a plan says of one entity. */
export interface PlanSection {
  readonly name: string;
  readonly tier: Entity['tier'];
  readonly policy: Entity['policy'];
  readonly compared: number;
  readonly bytesMoved: number;
  readonly differences: ClassCounts;
  readonly puts: number;
  readonly overwrites: number;
  readonly deletes: number;
  readonly leftToReplication: number;
  readonly unresolved: number;
  /** The first ones. */
  readonly unresolvedKeys: readonly KeyReason[];
}

/** A plan that is complete. */
export interface SealedPlan {
  readonly planId: string;
  /** Of everything that the plan says; an approval names it, and nothing is applied under another one. */
  readonly digest: string;
  readonly sections: readonly PlanSection[];
  /** Why a person has to approve it whatever a config says, such as an entity that is deleted by and large; none: nothing. */
  readonly needsApproval: readonly string[];
}

/** That a plan may be applied. */
export interface Approval {
  readonly digest: string;
  readonly approvedBy: string;
  readonly approvedAtEpochMs: number;
}

/** Most keys that a report lists of an entity; the others are counted. */
export const KEYS_LISTED = 100;

/** When changes are made: rows before what refers to them, deletions the other way round, then those that were refused. */
export const APPLY_PHASES = ['puts', 'deletes', 'retry'] as const;
export type ApplyPhase = (typeof APPLY_PHASES)[number];

/** Names of the objects that a plan is kept in. */
export const planNames = {
  header: (planId: string) => `${planId}/header.json`,
  ranges: (planId: string) => `${planId}/ranges.json`,
  found: (planId: string, range: Pick<RangeRef, 'entity' | 'index'>) => `${planId}/found/${rangeName(range)}.json`,
  // By what it holds: two workers on one range, as after a retry, keep their parts beside each other.
  part: (planId: string, part: Pick<PartRef, 'entity' | 'index' | 'part' | 'fingerprint'>) =>
    `${planId}/found/${partName(part)}-${part.fingerprint.slice(0, 16)}.jsonl`,
  isPart: (name: string) => name.endsWith('.jsonl'),
  parts: (planId: string) => `${planId}/parts.json`,
  touched: (planId: string) => `${planId}/touched.json`,
  sealed: (planId: string) => `${planId}/plan.json`,
  approval: (planId: string) => `${planId}/approval.json`,
  applied: (planId: string, phase: ApplyPhase, part: PartRef) => `${planId}/applied/${phase}/${partName(part)}.json`,
  verified: (planId: string, verificationId: string, range: RangeRef) =>
    `${planId}/verified/${verificationId}/${rangeName(range)}.json`,
  looks: (planId: string, verificationId: string, range: RangeRef) =>
    `${planId}/verified/${verificationId}/${rangeName(range)}.looks.json`,
  report: (planId: string) => `${planId}/report.json`,
} as const;

function rangeName({ entity, index }: Pick<RangeRef, 'entity' | 'index'>): string {
  return `${encodeURIComponent(entity)}/${String(index).padStart(6, '0')}`;
}

function partName(part: Pick<PartRef, 'entity' | 'index' | 'part'>): string {
  return `${rangeName(part)}/${String(part.part).padStart(4, '0')}`;
}
