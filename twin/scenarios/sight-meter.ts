import type { ObserverReport } from '../../core/health/report.ts';

/** How often a check of a Region, once known, came to be unknown to every observer, each by its latest word. */
export interface LostSight {
  readonly region: string;
  readonly check: string;
  readonly times: number;
}

/** Counts how often checks get lost from sight. */
export interface SightMeter {
  observe(report: ObserverReport): void;
  /** Checks that were lost, in order of the first time. */
  all(): readonly LostSight[];
}

/** A meter that has seen no report yet. What was never known cannot be lost. */
export function createSightMeter(): SightMeter {
  const knownTo = new Map<string, Set<string>>();
  const lost = new Map<string, LostSight>();
  const isKnown = (key: string): boolean => (knownTo.get(key)?.size ?? 0) > 0;
  return {
    observe: ({ observer, subject: region, checks }) => {
      for (const [check, { status }] of Object.entries(checks)) {
        const key = `${region}/${check}`;
        const wasKnown = isKnown(key);
        const observers = knownTo.get(key) ?? new Set();
        if (status === 'unknown') observers.delete(observer);
        else observers.add(observer);
        knownTo.set(key, observers);
        if (wasKnown && !isKnown(key)) lost.set(key, { region, check, times: (lost.get(key)?.times ?? 0) + 1 });
      }
    },
    all: () => [...lost.values()],
  };
}
