import type { Side } from './entity.ts';
import type { Key } from './table.ts';

/**
 * What differs. `deleted`: one side has deleted the row since the cut and says so, the other still has the former one.
 * `conflict`: both sides changed it since the cut, or nobody can tell which did; a deletion is a change.
 */
export const DIFFERENCE_CLASSES = [
  'missing-in-source',
  'missing-in-target',
  'mismatch',
  'deleted',
  'conflict',
] as const;
export type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number];

/** How a side stood when the plan was made, without its content. */
export type Stamp =
  | { readonly kind: 'row'; readonly digest: string; readonly modifiedAtEpochMs: number | null }
  | { readonly kind: 'tombstone'; readonly deletedAtEpochMs: number }
  | { readonly kind: 'nothing' };

/** What the plan does about a difference. Taking a side that has no row deletes it on the other. */
export type Resolution =
  | { readonly kind: 'take'; readonly side: Side }
  /** Both sides get what the merge function makes of their versions; `digest` is that of the content it made. */
  | { readonly kind: 'merge'; readonly digest: string }
  /** Left to a person, and why. */
  | { readonly kind: 'unresolved'; readonly reason: string };

/** One line of a plan. Holds no content of rows, so that a plan may be kept and shown. */
export interface Difference {
  readonly key: Key;
  readonly class: DifferenceClass;
  /** Who changed it since the cut, as far as their stamps say. */
  readonly changedIn: Side | 'both' | 'neither' | 'unknown';
  readonly source: Stamp;
  readonly target: Stamp;
  readonly resolution: Resolution;
}
