import type { DnsLocation } from './ports.ts';

/**
 * How long a change travels, in milliseconds. AWS says "generally within 60 seconds" (API_ChangeResourceRecordSets); the
 * distribution is assumed: the slowest location is reached evenly between 5 and 60 s, and once in a hundred changes
 * between 60 and 120 s; every other location evenly between 1 s and then.
 */
export const FASTEST_LOCATION_MS = 1_000;
/** When the slowest location has most changes. Assumed. */
export const USUAL_PROPAGATION_MS = { from: 5_000, to: 60_000 };
/** When it has the occasional slow one. Assumed. */
export const SLOW_PROPAGATION_MS = { from: 60_000, to: 120_000 };
/** How often a change is slow. Assumed. */
export const SLOW_PROPAGATION_PROBABILITY = 0.01;

/** How long after its acceptance each location begins to answer with a change, in milliseconds. */
export interface Propagation {
  readonly delaysMs: ReadonlyMap<DnsLocation, number>;
}

/** Draws one change's way through the locations. */
export function drawPropagation(locations: readonly DnsLocation[], random: () => number): Propagation {
  const { from, to } = random() < SLOW_PROPAGATION_PROBABILITY ? SLOW_PROPAGATION_MS : USUAL_PROPAGATION_MS;
  const slowestMs = between(from, to, random());
  const slowest = locations[Math.floor(random() * locations.length)];
  const delaysMs = new Map(
    locations.map((location) => [
      location,
      location === slowest ? slowestMs : between(FASTEST_LOCATION_MS, slowestMs, random()),
    ]),
  );
  return { delaysMs };
}

function between(from: number, to: number, fraction: number): number {
  return Math.round(from + (to - from) * fraction);
}
