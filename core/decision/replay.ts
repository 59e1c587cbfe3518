import type { ResolvedConfig } from '../config/types.ts';
import { isSameContent } from '../same-content.ts';
import { decideOn } from './decide-on.ts';
import type { PastDecision } from './outcome.ts';
import type { ReadRecord } from './read-record.ts';
import { summaryOf } from './record.ts';

/** A kept verdict, drawn again. */
export interface Replay {
  readonly kept: PastDecision;
  readonly replayed: PastDecision;
  /** Whether both are the same to the last figure. */
  readonly same: boolean;
}

/**
 * Draws a kept verdict again from what it rested on.
 *
 * @param config a config to judge by in the place of the one that was in force
 */
export function replay({ decision, input }: ReadRecord, config: ResolvedConfig = input.config): Replay {
  const replayed = summaryOf(decideOn({ ...input, config }));
  return { kept: decision, replayed, same: isSameContent(decision, replayed) };
}
