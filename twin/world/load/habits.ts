/** How a share of the clients treats answers for a while, whatever the TTL says. */
export interface OverCaching {
  readonly share: number;
  /** How long they keep an answer, seconds. */
  readonly keepSeconds: number;
}

/** Habits of clients that a scenario can change. */
export interface Habits {
  /** From now on; undefined gives them their own habits back. */
  setOverCaching(overCaching: OverCaching | undefined): void;
  /** How long a client keeps an answer now, ms; undefined where it does as its kind does. */
  keepsMs(client: number): number | undefined;
}

/** Everybody as the population has them. */
export function createHabits(): Habits {
  let overCaching: OverCaching | undefined;
  return {
    setOverCaching: (changed) => {
      overCaching = changed;
    },
    keepsMs: (client) =>
      overCaching !== undefined && placeOf(client) < overCaching.share ? overCaching.keepSeconds * 1000 : undefined,
  };
}

/** The golden ratio's fraction: multiples of it fill the unit evenly. */
const EVEN_STEP = 0.618_033_988_749_895;

/** A client's place between 0 and 1, evenly spread, so that every share of them is of all kinds and resolvers. */
function placeOf(client: number): number {
  return (client * EVEN_STEP) % 1;
}
