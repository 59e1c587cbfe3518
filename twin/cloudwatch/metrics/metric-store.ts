import {
  addStatisticSet,
  addValue,
  createSampleSet,
  type MutableSampleSet,
  type SampleSet,
} from '../statistics/sample-set.ts';
import type { Datum } from './datum.ts';
import { type MetricIdentity, metricKey } from './metric-identity.ts';
import type { StandardUnit } from './standard-unit.ts';
import { RETENTION_MS } from './time-limits.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How often old data is looked for, in the time of the clock; what is kept too long is bounded by it. */
const SWEEP_EVERY_MS = HOUR_MS;

/** A stretch of equal periods of one metric. */
export interface RangeRequest {
  readonly metric: MetricIdentity;
  /** Only data of this unit; all units together where it is left out. */
  readonly unit?: StandardUnit | undefined;
  /** Start of the oldest period: a whole minute, or a whole second for periods below a minute. */
  readonly startMs: number;
  readonly periodMs: number;
  readonly periods: number;
  /** Data from here on is left out; the end of the newest period unless given. */
  readonly endMs?: number;
}

/** What CloudWatch knows of metrics, in memory that does not grow with time. */
export interface MetricStore {
  put(datum: Datum, nowMs: number): void;
  /** The storage buckets in each period, oldest period first. */
  read(request: RangeRequest): readonly (readonly SampleSet[])[];
  /** The units under which the metric has data, in the order in which they came. */
  unitsOf(metric: MetricIdentity): readonly StandardUnit[];
  /** True once a datum was put with a storage resolution of one second. */
  isHighResolution(metric: MetricIdentity): boolean;
  /** Number of storage buckets held, for a test of the memory's bound. */
  bucketCount(): number;
}

/** Buckets by the time at which they start. */
type Buckets = Map<number, MutableSampleSet>;

/** The data of one metric in one unit. A high-resolution datum is in both; a standard one has no seconds. */
interface Stream {
  readonly minutes: Buckets;
  readonly seconds: Buckets;
  highResolution: boolean;
}

/** Streams by metric and unit. */
type Metrics = Map<string, Map<StandardUnit, Stream>>;

/** A store without data. */
export function createMetricStore(): MetricStore {
  const metrics: Metrics = new Map();
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  const unitsOf = (metric: MetricIdentity) => metrics.get(metricKey(metric));

  return {
    put(datum, nowMs) {
      const stream = streamFor(metrics, datum);
      addTo(stream.minutes, MINUTE_MS, datum);
      if (datum.highResolution) {
        addTo(stream.seconds, SECOND_MS, datum);
        stream.highResolution = true;
      }
      if (nowMs - sweptAtMs < SWEEP_EVERY_MS) return;
      sweptAtMs = nowMs;
      sweep(metrics, nowMs);
    },
    read(request) {
      const { metric, unit, startMs, periodMs, periods, endMs = Number.POSITIVE_INFINITY } = request;
      const stepMs = periodMs % MINUTE_MS === 0 ? MINUTE_MS : SECOND_MS;
      const sources = [...(unitsOf(metric) ?? [])]
        .filter(([found]) => unit === undefined || found === unit)
        .map(([, stream]) => (stepMs === MINUTE_MS ? stream.minutes : stream.seconds));
      return Array.from({ length: periods }, (_, index) => {
        const fromMs = startMs + index * periodMs;
        return bucketsBetween(sources, { fromMs, toMs: Math.min(fromMs + periodMs, endMs), stepMs });
      });
    },
    unitsOf: (metric) => [...(unitsOf(metric)?.keys() ?? [])],
    isHighResolution: (metric) => [...(unitsOf(metric)?.values() ?? [])].some((stream) => stream.highResolution),
    bucketCount: () =>
      [...metrics.values()]
        .flatMap((units) => [...units.values()])
        .reduce((count, { minutes, seconds }) => count + minutes.size + seconds.size, 0),
  };
}

function streamFor(metrics: Metrics, { metric, unit }: Datum): Stream {
  const key = metricKey(metric);
  const units = metrics.get(key) ?? new Map<StandardUnit, Stream>();
  const stream = units.get(unit) ?? { minutes: new Map(), seconds: new Map(), highResolution: false };
  units.set(unit, stream);
  metrics.set(key, units);
  return stream;
}

/** Drops what is older than its retention, and metrics of which nothing is left. */
function sweep(metrics: Metrics, nowMs: number): void {
  for (const [key, units] of metrics) {
    for (const [unit, { minutes, seconds }] of units) {
      dropBefore(seconds, nowMs - RETENTION_MS.seconds);
      dropBefore(minutes, nowMs - RETENTION_MS.minutes);
      if (minutes.size === 0) units.delete(unit);
    }
    if (units.size === 0) metrics.delete(key);
  }
}

function addTo(buckets: Buckets, stepMs: number, datum: Datum): void {
  const startMs = Math.floor(datum.atMs / stepMs) * stepMs;
  let samples = buckets.get(startMs);
  if (samples === undefined) {
    samples = createSampleSet();
    buckets.set(startMs, samples);
  }
  for (const { value, weight } of datum.values) addValue(samples, value, weight);
  if (datum.statisticSet !== undefined) addStatisticSet(samples, datum.statisticSet);
}

function bucketsBetween(
  sources: readonly Buckets[],
  { fromMs, toMs, stepMs }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
): readonly SampleSet[] {
  const found: SampleSet[] = [];
  for (const buckets of sources) {
    for (let atMs = fromMs; atMs < toMs; atMs += stepMs) {
      const samples = buckets.get(atMs);
      if (samples !== undefined) found.push(samples);
    }
  }
  return found;
}

function dropBefore(buckets: Buckets, oldestMs: number): void {
  for (const startMs of buckets.keys()) if (startMs < oldestMs) buckets.delete(startMs);
}
