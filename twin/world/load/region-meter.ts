/** What a Region's application counts about its traffic, until it is published. */
export interface RegionMeter {
  count(request: { readonly ok: boolean; readonly newConnection: boolean; readonly latencyMs: number }): void;
  /** What was counted since the last time, which begins anew. */
  take(): MeterReading;
}

/** One span's counts. Latencies are counted in classes of 5 ms. */
export interface MeterReading {
  readonly requests: number;
  readonly errors: number;
  readonly connections: number;
  readonly latencies: { readonly milliseconds: readonly number[]; readonly counts: readonly number[] };
}

const CLASS_MS = 5;

/** A meter at nothing. */
export function createRegionMeter(): RegionMeter {
  let requests = 0;
  let errors = 0;
  let connections = 0;
  let classes = new Map<number, number>();
  return {
    count: ({ ok, newConnection, latencyMs }) => {
      requests++;
      if (!ok) errors++;
      if (newConnection) connections++;
      const upTo = Math.ceil(latencyMs / CLASS_MS) * CLASS_MS;
      classes.set(upTo, (classes.get(upTo) ?? 0) + 1);
    },
    take: () => {
      const reading = {
        requests,
        errors,
        connections,
        latencies: { milliseconds: [...classes.keys()], counts: [...classes.values()] },
      };
      requests = 0;
      errors = 0;
      connections = 0;
      classes = new Map();
      return reading;
    },
  };
}
