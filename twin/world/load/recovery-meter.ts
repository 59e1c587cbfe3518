import { nearestRank } from '../../../core/nearest-rank.ts';
import type { ClientKind, RequestOutcome } from './population.ts';

/** Percentiles of a set of durations, seconds; `null` where there was nothing to measure. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** What the clients saw of an outage. */
export interface Recovery {
  /** Clients that honour the TTL. */
  readonly rtoSeconds: Percentiles;
  readonly overCaching: Percentiles;
  readonly keptAlive: Percentiles;
  readonly requests: { readonly total: number; readonly failed: number };
}

interface Track {
  /** First success that no failure has followed yet, by kind of request; `undefined` before it. */
  readRecoveredAt: number | undefined;
  writeRecoveredAt: number | undefined;
}

/** Measures from the clients' side how long an outage lasted. */
export interface RecoveryMeter {
  observe(outcome: RequestOutcome): void;
  /** What was seen so far. A client that has not recovered counts up to the moment of asking. */
  read(nowMs: number): Recovery;
  /** How long each client of a kind has suffered so far, seconds, in the order of the clients. */
  outages(kind: ClientKind, nowMs: number): readonly number[];
}

/**
 * Starts measuring at the moment of a fault. A client's outage ends with its first success that no failure follows, reads
 * and writes both.
 */
export function createRecoveryMeter(kinds: readonly ClientKind[], faultAtMs: number): RecoveryMeter {
  const tracks = kinds.map((): Track => ({ readRecoveredAt: undefined, writeRecoveredAt: undefined }));
  const writesFailed = new Set<number>();
  let total = 0;
  let failed = 0;
  const outage = (client: number, nowMs: number): number => {
    const { readRecoveredAt, writeRecoveredAt } = tracks[client] ?? {};
    // A client that never failed to write has nothing to recover there; its next write may be minutes away.
    const write = writesFailed.has(client) ? (writeRecoveredAt ?? nowMs) : faultAtMs;
    return (Math.max(readRecoveredAt ?? nowMs, write) - faultAtMs) / 1000;
  };
  const outages = (kind: ClientKind, nowMs: number): readonly number[] =>
    kinds.flatMap((own, client) => (own === kind ? [outage(client, nowMs)] : []));
  return {
    observe: ({ atMs, client, write, ok }) => {
      if (atMs < faultAtMs) return;
      total++;
      if (!ok) failed++;
      if (!ok && write) writesFailed.add(client);
      const track = tracks[client];
      if (track === undefined) return;
      const key = write ? 'writeRecoveredAt' : 'readRecoveredAt';
      track[key] = ok ? (track[key] ?? atMs) : undefined;
    },
    outages,
    read: (nowMs) => ({
      rtoSeconds: percentiles(outages('honours-ttl', nowMs)),
      overCaching: percentiles(outages('over-caches', nowMs)),
      keptAlive: percentiles(outages('keeps-connection', nowMs)),
      requests: { total, failed },
    }),
  };
}

/** Nearest-rank percentiles, to the millisecond. */
export function percentiles(values: readonly number[]): Percentiles {
  if (values.length === 0) return { p50: null, p99: null, max: null };
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => round(nearestRank(sorted, share) ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** To the millisecond, so that a printed figure is not a float's tail. */
export function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
