/** How far two vectors point apart, or why that cannot be said. */
export type Drift = { readonly drift: number } | { readonly impossible: string };

/**
 * What a sum of a few thousand products of doubles may be off by; a drift that is over the limit by less is on it. The bound
 * on the error of a dot product of n terms is about n × 1.1e-16 (Higham, Accuracy and Stability of Numerical Algorithms, §3.1).
 */
const ROUNDING = 1e-9;

/**
 * 1 − cosine similarity, 0 to 2. Vectors are scaled by their largest number first, so that neither huge nor tiny ones
 * overflow; a vector of zeros points nowhere and agrees with nothing.
 */
export function driftBetween(source: readonly number[], target: readonly number[]): Drift {
  if (source.length !== target.length) {
    return { impossible: `the vectors have ${source.length} and ${target.length} numbers` };
  }
  const problem = problemOf(source, 'source') ?? problemOf(target, 'target');
  if (problem !== undefined) return { impossible: problem };
  const [a, b] = [scaled(source), scaled(target)];
  const similarity = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return { drift: 1 - Math.min(1, Math.max(-1, similarity)) };
}

/** Whether a drift is within its limit, the limit itself included. */
export function isWithinDrift(drift: number, maximumDrift: number): boolean {
  return drift <= maximumDrift + ROUNDING;
}

function problemOf(vector: readonly number[], whose: string): string | undefined {
  if (vector.length === 0) return `the vector of the ${whose} is empty`;
  if (!vector.every(Number.isFinite)) return `the vector of the ${whose} holds something that is no finite number`;
  return vector.every((value) => value === 0) ? `the vector of the ${whose} is all zeros` : undefined;
}

function scaled(vector: readonly number[]): readonly number[] {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return vector.map((value) => value / largest);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
