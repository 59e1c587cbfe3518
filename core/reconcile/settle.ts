import { isSameContent } from '../same-content.ts';
import type { Difference, Stamp } from './difference.ts';
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
  /** What the source had at the last look was not delivered in time, or somebody else writes in the target. */
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
 * source that is written at every moment moves even where nothing does. And it tells so only where it is as new as the
 * source was then and no newer than the source is now: replication never overtakes what it carries.
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
      else if (isOnItsWay(difference, found)) moving.push(found);
      else standing.push(found);
    }
  }
  return { standing, settled, suspects: { keys: moving, look: look + 1, isLast: look + 1 >= LOOKS } };
}

function isOnItsWay(before: Difference, now: Difference): boolean {
  if (isSameContent(before.target, now.target)) return false;
  const [due, arrived, newest] = [changedAt(before.source), changedAt(now.target), changedAt(now.source)];
  return due !== null && arrived !== null && newest !== null && due <= arrived && arrived <= newest;
}

function changedAt(stamp: Stamp): number | null {
  if (stamp.kind === 'nothing') return null;
  return stamp.kind === 'row' ? stamp.modifiedAtEpochMs : stamp.deletedAtEpochMs;
}
