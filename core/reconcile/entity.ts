/** How much it matters that no version is lost. `critical` is Tier 1: nothing there is resolved silently. */
export const TIERS = ['critical', 'eventual'] as const;
export type Tier = (typeof TIERS)[number];

/**
 * Which version stays where two differ.
 * - `last-writer-wins`: the one that was modified later; at the same moment that of the Region whose id comes first.
 * - `source-wins`, `target-wins`: that of the Region which serves now, or of the one that traffic goes back to.
 * - `merge`: what a function of the user's makes of both.
 * - `manual`: a change that only one side made since the cut is carried over; where both did, a person decides.
 * Where a row that one side only has may have been deleted on the other, `critical` entities and `manual` ask a person.
 */
export const POLICIES = ['last-writer-wins', 'source-wins', 'target-wins', 'merge', 'manual'] as const;
export type Policy = (typeof POLICIES)[number];

/** What is compared and repaired together: one table, the same in both Regions. */
export interface Entity {
  readonly name: string;
  readonly tier: Tier;
  readonly policy: Policy;
  /** Name of the table in each store, with its schema where it has one. */
  readonly table: string;
  /** Column that says when a row was last modified. */
  readonly modifiedColumn: string;
  /**
   * Column that says when a row was made. A row from before the cut that the other side has no longer was deleted there;
   * without it, or `tombstones`, it cannot be told from one that was made since.
   */
  readonly createdColumn?: string | undefined;
  /** Table of what was deleted: the key columns and `deletedColumn`. Without one a deletion is a missing row. */
  readonly tombstones?: { readonly table: string; readonly deletedColumn: string } | undefined;
  /** Columns that are not compared, and that a repair carries along all the same. */
  readonly ignoredColumns: readonly string[];
  /** Function that makes one version of two; with `merge` only. */
  readonly mergeFunction?: string | undefined;
}

/** The two sides of a comparison, by Region: `source` serves now, `target` is the one that traffic goes back to. */
export interface Sides<Of> {
  readonly source: Of;
  readonly target: Of;
}

/** One of the two sides. */
export type Side = keyof Sides<unknown>;

/**
 * Where repairs are written. `source-only`: never in the target, which is a copy that follows the source once more, or is
 * made anew from it; what the source has is left to that replication.
 */
export const REPAIRS = ['both-sides', 'source-only'] as const;
export type RepairSides = (typeof REPAIRS)[number];
