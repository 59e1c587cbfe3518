import { isSameContent } from '../same-content.ts';
import type { Difference } from './difference.ts';
import { keyId } from './key.ts';
import type { Key } from './table.ts';

/** Differences that may be rows on their way from one side to the other. */
export interface Suspects {
  /** As they were when they were looked at last. */
  readonly keys: readonly Difference[];
  /** How often they were looked at. */
  readonly look: number;
  /** True where they are not to be looked at again. */
  readonly isLast: boolean;
}

/** What a further look at suspects shows. */
export interface LookAgain {
  /** The target has not moved since the last look: what the source had then was not delivered in time. */
  readonly standing: readonly Difference[];
  /** They do not differ any more. */
  readonly settled: number;
  readonly suspects: Suspects;
}

/** Looks at a difference in all; one whose target has moved every time is on its way. */
export const LOOKS = 4;

/** Keys whose state is read at once. */
const KEYS_AT_ONCE = 200;

/**
 * Looks at suspects again, the time of replication after the last look. Only the target tells whether anything arrives: a
 * source that is written at every moment moves even where nothing does.
 *
 * @param judge gives those of some keys that still differ
 */
export async function lookAgain(
  { keys, look }: Suspects,
  judge: (keys: readonly Key[]) => Promise<readonly Difference[]>,
): Promise<LookAgain> {
  const standing: Difference[] = [];
  const moving: Difference[] = [];
  let settled = 0;
  for (let first = 0; first < keys.length; first += KEYS_AT_ONCE) {
    const before = keys.slice(first, first + KEYS_AT_ONCE);
    const now = new Map((await judge(before.map(({ key }) => key))).map((found) => [keyId(found.key), found]));
    for (const difference of before) {
      const found = now.get(keyId(difference.key));
      if (found === undefined) settled += 1;
      else if (isSameContent(difference.target, found.target)) standing.push(found);
      else moving.push(found);
    }
  }
  return { standing, settled, suspects: { keys: moving, look: look + 1, isLast: look + 1 >= LOOKS } };
}
