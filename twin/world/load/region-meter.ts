/** What a Region's application counts about its traffic, until it is published. */
export interface RegionMeter {
  /** A request that comes so many times, all but the first of them repetitions. */
  count(request: {
    readonly ok: boolean;
    readonly newConnection: boolean;
    readonly latencyMs: number;
    readonly attempts: number;
    readonly repeats: boolean;
  }): void;
  /** What was counted since the last time, which begins anew. */
  take(): MeterReading;
}

/** One span's counts. Latencies are counted in classes of 5 ms. */
export interface MeterReading {
  readonly requests: number;
  readonly errors: number;
  readonly connections: number;
  /** Requests that repeat an earlier one. */
  readonly retries: number;
  readonly latencies: { readonly milliseconds: readonly number[]; readonly counts: readonly number[] };
}

const CLASS_MS = 5;

/** A meter at nothing. */
export function createRegionMeter(): RegionMeter {
  let requests = 0;
  let errors = 0;
  let connections = 0;
  let retries = 0;
  let classes = new Map<number, number>();
  return {
    count: ({ ok, newConnection, latencyMs, attempts, repeats }) => {
      requests += attempts;
      retries += repeats ? attempts : attempts - 1;
      if (!ok) errors += attempts;
      if (newConnection) connections++;
      const upTo = Math.ceil(latencyMs / CLASS_MS) * CLASS_MS;
      classes.set(upTo, (classes.get(upTo) ?? 0) + 1);
    },
    take: () => {
      const reading = {
        requests,
        errors,
        connections,
        retries,
        latencies: { milliseconds: [...classes.keys()], counts: [...classes.values()] },
      };
      requests = 0;
      errors = 0;
      connections = 0;
      retries = 0;
      classes = new Map();
      return reading;
    },
  };
}
