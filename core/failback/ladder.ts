import type { ResolvedConfig } from '../config/types.ts';
import { FULL_WEIGHT, type Weights } from '../routing/weights.ts';

/** What the machine does next on the way back. */
export type LadderStep =
  | { readonly kind: 'move-writer' }
  | { readonly kind: 'rung'; readonly index: number; readonly percent: number; readonly weights: Weights }
  | { readonly kind: 'complete' };

/** Where a failback stands on the ladder. */
export interface LadderPosition {
  readonly original: string;
  readonly current: string;
  /** Rungs that were baked to their end. */
  readonly rungsBaked: number;
  readonly writerMoved: boolean;
}

/**
 * The next step of the ladder: rungs in order, with the data writer moved back before the first or before the last one.
 */
export function nextLadderStep(
  { failback, data }: Pick<ResolvedConfig, 'failback' | 'data'>,
  { original, current, rungsBaked, writerMoved }: LadderPosition,
): LadderStep {
  const percent = failback.rungs[rungsBaked];
  if (percent === undefined) return { kind: 'complete' };
  const last = rungsBaked === failback.rungs.length - 1;
  const writerIsDue = data.adapter !== 'none' && !writerMoved && (last || failback.moveWriter === 'before-first-rung');
  if (writerIsDue) return { kind: 'move-writer' };
  return { kind: 'rung', index: rungsBaked, percent, weights: rungWeights({ original, current, percent }) };
}

/** The weights of a rung; they never add up to nothing. */
export function rungWeights({
  original,
  current,
  percent,
}: {
  original: string;
  current: string;
  percent: number;
}): Weights {
  return { [original]: percent, [current]: FULL_WEIGHT - percent };
}
