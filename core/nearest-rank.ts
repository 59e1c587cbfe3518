/** The value at or below which that share of the values lies, by nearest rank; undefined where there is none. */
export function nearestRank(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1];
}
