import type { Price } from './prices.ts';

/** One line of an estimate. */
export interface CostLine {
  /** Which stack it is for, by its full name. */
  readonly stack: string;
  readonly what: string;
  readonly quantity: number;
  readonly price: Price;
}

/** US dollars of a line. */
export function usdOf({ quantity, price }: CostLine): number {
  return quantity * price.usd;
}

/** US dollars of lines together. */
export function totalUsd(lines: readonly CostLine[]): number {
  return lines.reduce((sum, line) => sum + usdOf(line), 0);
}
