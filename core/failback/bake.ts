/** Caches are given two TTLs to follow the weights before the share is held against a rung. */
export const TTLS_TO_FOLLOW = 2;

/** What caches take to follow, and one TTL to measure the share in. */
export const TTLS_PER_BAKE = TTLS_TO_FOLLOW + 1;

/** A look at a rung is a Task (5 events), a Choice (2) and a Wait (2); a test counts them in the machine. */
export const EVENTS_PER_LOOK = 9;

/**
 * Events of the failback's history that looks at rungs may take up: three fifths of the 25,000 after which the service
 * ends an execution, which no Catch sees. The rest is for other polls, of which a promotion of an hour alone makes 6,480,
 * and for tries that are repeated.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html
 */
export const MOST_LOOK_EVENTS = 15_000;

/** How a ladder is watched. */
export interface Watch {
  readonly rungs: readonly number[];
  readonly bakeMinutes: number;
  readonly checkSeconds: number;
}

/** Events that the looks at a whole ladder add to the history: one at the beginning of each bake, then one per interval. */
export function lookEvents({ rungs, bakeMinutes, checkSeconds }: Watch): number {
  return rungs.length * (1 + Math.ceil((bakeMinutes * 60) / checkSeconds)) * EVENTS_PER_LOOK;
}

/** The shortest time between two looks for which the history has room, seconds. */
export function leastCheckSeconds({ rungs, bakeMinutes }: Omit<Watch, 'checkSeconds'>): number {
  const looksPerRung = Math.floor(MOST_LOOK_EVENTS / (rungs.length * EVENTS_PER_LOOK)) - 1;
  return looksPerRung < 1 ? Number.POSITIVE_INFINITY : Math.ceil((bakeMinutes * 60) / looksPerRung);
}
