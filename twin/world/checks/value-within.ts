import type { ValueLimit } from '../../../core/config/value-limit.ts';

/** A value that is well within a limit. */
export function valueWithin({ above, below }: ValueLimit): number {
  const limit = above ?? below ?? 0;
  const step = Math.abs(limit) / 2;
  return above === undefined ? limit + step : limit - step;
}
