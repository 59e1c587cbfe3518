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
  /** Neither side has changed since the last look: they differ. */
  readonly standing: readonly Difference[];
  /** They do not differ any more. */
  readonly settled: number;
  readonly suspects: Suspects;
}

/** Looks at a difference in all; one that has moved every time is on its way. */
export const LOOKS = 4;

/** Keys whose state is read at once. */
const KEYS_AT_ONCE = 200;

/** Looks at suspects again. @param judge gives those of some keys that still differ */
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
      else if (stoodStill(difference, found)) standing.push(found);
      else moving.push(found);
    }
  }
  return { standing, settled, suspects: { keys: moving, look: look + 1, isLast: look + 1 >= LOOKS } };
}

function stoodStill(before: Difference, now: Difference): boolean {
  return isSameContent(before.source, now.source) && isSameContent(before.target, now.target);
}
