/** A limit as a check has it once the rules have judged it. */
export interface ValueLimit {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

/** Why a value is outside its limit; undefined where it is within, the limit itself included. */
export function breachOf(value: number, { above, below }: ValueLimit): string | undefined {
  if (above !== undefined && value > above) return `${value} is above ${above}`;
  if (below !== undefined && value < below) return `${value} is below ${below}`;
  return undefined;
}
