import { traitsOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { allWeightOn, FULL_WEIGHT, type Weights } from '../routing/weights.ts';

/** What the machine does next on the way back. */
export type LadderStep =
  | { readonly kind: 'move-writer' }
  | {
      readonly kind: 'rung';
      readonly index: number;
      /** What is to be set now; with `ramp` it is a step on the way to the rung. */
      readonly percent: number;
      readonly ramp: boolean;
      /** The rung that is being climbed. */
      readonly rung: number;
      readonly weights: Weights;
    }
  | { readonly kind: 'complete' };

/** Where a failback stands on the ladder. */
export interface LadderPosition {
  readonly original: string;
  readonly current: string;
  /** Rungs that were baked to their end. */
  readonly rungsBaked: number;
  readonly writerMoved: boolean;
  /** Weights when the failback began. */
  readonly weights: Weights;
  /** The original's weight now. */
  readonly weightNow: number;
}

type LadderConfig = Pick<ResolvedConfig, 'failback' | 'preset' | 'regions'>;

/**
 * The next step of the ladder: rungs in order, with the right to write moved back before the first or before the last one,
 * also where there is nothing to promote. A rung that is further away than a slow start allows is reached by steps.
 */
export function nextLadderStep(config: LadderConfig, position: LadderPosition): LadderStep {
  const { failback } = config;
  const { rungsBaked, writerMoved } = position;
  const percent = failback.rungs[rungsBaked];
  if (percent === undefined) return { kind: 'complete' };
  const last = rungsBaked === failback.rungs.length - 1;
  const writerIsDue = !writerMoved && (last || failback.moveWriter === 'before-first-rung');
  if (writerIsDue) return { kind: 'move-writer' };
  const { slowStartPercent = FULL_WEIGHT } = failback;
  const next = Math.min(percent, Math.max(0, position.weightNow) + slowStartPercent);
  const weights = rungWeights(config, position, next);
  return { kind: 'rung', index: rungsBaked, percent: next, ramp: next < percent, rung: percent, weights };
}

/**
 * The weights of a rung; they never add up to nothing. Where all Regions serve, what the original does not take yet is
 * left by its own group: the current Region goes on serving its own clients, and so do the others.
 */
export function rungWeights(
  config: Pick<LadderConfig, 'preset' | 'regions'>,
  { original, current, weights }: Pick<LadderPosition, 'original' | 'current' | 'weights'>,
  percent: number,
): Weights {
  return traitsOf(config).roles === 'one-primary'
    ? { ...allWeightOn(config, current), [original]: percent, [current]: FULL_WEIGHT - percent }
    : { ...weights, [original]: percent, [current]: FULL_WEIGHT };
}
