import type { MathValue, Series } from './value.ts';

/** What an expression can refer to. */
export interface MathContext {
  /** Length of a period in seconds, the same for every series. */
  readonly periodSeconds: number;
  /** How many periods every series has. */
  readonly periods: number;
  /** The metrics of the request by id, in its order: what `METRICS()` returns. */
  readonly metrics: ReadonlyMap<string, Series>;
  /** The value of a metric or of another expression; undefined for an unknown id. */
  resolve(id: string): MathValue | undefined;
}
