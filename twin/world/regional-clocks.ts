import type { Clock } from '../../core/ports.ts';

/** The clocks of Regions, which may be off. */
export interface RegionalClocks {
  /** The clock of everything that runs in a Region. */
  of(region: string): Clock;
  /** How far it is ahead, ms. */
  aheadOf(region: string): number;
  /** Sets how far ahead it is, ms; behind where negative. */
  setAhead(region: string, milliseconds: number): void;
}

/** Clocks that run true until they are set otherwise. What sleeps wakes up after the time that it asked for. */
export function createRegionalClocks(world: Clock): RegionalClocks {
  const ahead = new Map<string, number>();
  const known = new Map<string, Clock>();
  const aheadOf = (region: string): number => ahead.get(region) ?? 0;
  const create = (region: string): Clock => ({
    nowEpochMs: () => world.nowEpochMs() + aheadOf(region),
    sleep: world.sleep,
  });
  return {
    of: (region) => {
      const clock = known.get(region) ?? create(region);
      known.set(region, clock);
      return clock;
    },
    aheadOf,
    setAhead: (region, milliseconds) => void ahead.set(region, milliseconds),
  };
}
