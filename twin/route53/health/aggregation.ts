import type { ClockPorts, DnsLocation, WorldPorts } from '../ports.ts';
import { isHealthyByCheckers, observedFromChildren, observedWithoutData, resultingStatus } from './resulting-status.ts';
import type { RunningCheck } from './running-check.ts';

/** What aggregation works on, and whom it tells. */
export interface AggregationOptions {
  readonly clock: Pick<ClockPorts, 'now'>;
  readonly world: Pick<WorldPorts, 'isReportReachable'>;
  readonly locations: readonly DnsLocation[];
  readonly checks: ReadonlyMap<string, RunningCheck>;
  readonly onChange: (location: DnsLocation) => void;
}

/** Turns reports into verdicts, for each DNS location from the reports that reach it. */
export interface Aggregation {
  /** Counts the checkers of an endpoint check anew, everywhere. */
  count(check: RunningCheck): void;
  /** Takes one and the same observation for every location. */
  set(check: RunningCheck, healthy: boolean): void;
  /** The resulting status of a check as a location sees it; an unknown id counts as healthy. */
  isHealthyAt(location: DnsLocation, id: string): boolean;
}

/** Aggregates the checks of the map; those that are put into it later as well. */
export function createAggregation({ clock, world, locations, checks, onChange }: AggregationOptions): Aggregation {
  const setAt = (check: RunningCheck, location: DnsLocation, healthy: boolean): void => {
    if (check.observed.get(location) === healthy) return;
    check.observed.set(location, healthy);
    onChange(location);
  };

  const isHealthyAt = (location: DnsLocation, id: string): boolean => {
    const check = checks.get(id);
    // AWS calls the status of a deleted check unpredictable; here it counts like a record set without one.
    if (check === undefined) return true;
    const { config } = check;
    const observed =
      config.Type === 'CALCULATED'
        ? observedFromChildren(config, (child) => isHealthyAt(location, child))
        : (check.observed.get(location) ?? observedWithoutData(config));
    return resultingStatus(config, observed);
  };

  return {
    isHealthyAt,
    count: (check) => {
      for (const location of locations) {
        const heard = check.checkers.filter(
          ({ region }) => world.isReportReachable?.(region, location, clock.now()) ?? true,
        );
        // A location that hears nobody keeps what it last knew (assumed; the guide does not say).
        if (heard.length === 0) continue;
        const healthy = heard.filter(({ reported }) => reported).length;
        setAt(check, location, isHealthyByCheckers((100 * healthy) / heard.length));
      }
    },
    set: (check, healthy) => {
      for (const location of locations) setAt(check, location, healthy);
    },
  };
}
