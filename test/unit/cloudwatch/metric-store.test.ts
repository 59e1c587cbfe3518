import { describe, expect, it } from 'vitest';
import { createMetricStore, type MetricStore } from '../../../twin/cloudwatch/metrics/metric-store.ts';
import { parseMetricData } from '../../../twin/cloudwatch/metrics/parse-metric-data.ts';
import { computeStatistic } from '../../../twin/cloudwatch/statistics/compute-statistic.ts';
import { parseStatistic } from '../../../twin/cloudwatch/statistics/statistic.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A whole day. */
const T0 = Date.UTC(2026, 10, 2);

function put(store: MetricStore, atMs: number, datum: object = { Value: 1 }, nowMs = atMs): void {
  const parsed = parseMetricData(
    { Namespace: 'N', MetricData: [{ MetricName: 'm', Timestamp: new Date(atMs), ...datum }] },
    nowMs,
  );
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  for (const read of parsed.data) store.put(read, nowMs);
}

interface Asked {
  readonly startMs?: number;
  readonly periodMs?: number;
  readonly periods?: number;
  readonly dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly unit?: 'Seconds' | 'Count';
  readonly stat?: string;
}

function read(store: MetricStore, asked: Asked = {}): readonly (number | undefined)[] {
  const { startMs = T0, periodMs = MINUTE_MS, periods = 1, dimensions = [], unit, stat = 'Sum' } = asked;
  const statistic = parseStatistic(stat);
  return store
    .read({ metric: { namespace: 'N', name: 'm', dimensions }, unit, startMs, periodMs, periods })
    .map((buckets) => statistic && computeStatistic(statistic, buckets));
}

describe('the metric store', () => {
  it('adds up what falls into a period, from its start and up to but without its end', () => {
    const store = createMetricStore();
    for (const [offset, value] of [
      [0, 1],
      [MINUTE_MS - 1, 2],
      [MINUTE_MS, 4],
      [5 * MINUTE_MS - 1, 8],
      [5 * MINUTE_MS, 16],
    ] as const) {
      put(store, T0 + offset, { Value: value });
    }
    expect(read(store, { periods: 3 })).toEqual([3, 4, undefined]);
    expect(read(store, { periodMs: 5 * MINUTE_MS, periods: 2 })).toEqual([15, 16]);
    expect(read(store, { startMs: T0 + MINUTE_MS, periodMs: 5 * MINUTE_MS })).toEqual([28]);
  });

  it('takes a metric for the same only with exactly the same dimensions, in any order', () => {
    const store = createMetricStore();
    const server = { Name: 'Server', Value: 'Prod' };
    const domain = { Name: 'Domain', Value: 'Rio' };
    put(store, T0, { Value: 7, Dimensions: [server, domain] });
    expect(read(store, { dimensions: [domain, server] })).toEqual([7]);
    expect(read(store, { dimensions: [server] })).toEqual([undefined]);
    expect(read(store)).toEqual([undefined]);
    expect(read(store, { dimensions: [server, { ...domain, Value: 'Frankfurt' }] })).toEqual([undefined]);
  });

  it('keeps units apart, and reads them together where none is asked for', () => {
    const store = createMetricStore();
    put(store, T0, { Value: 2, Unit: 'Seconds' });
    put(store, T0, { Value: 3, Unit: 'Count' });
    expect(read(store, { unit: 'Seconds' })).toEqual([2]);
    expect(read(store, { unit: 'Count' })).toEqual([3]);
    expect(read(store)).toEqual([5]);
    expect(store.unitsOf({ namespace: 'N', name: 'm', dimensions: [] })).toEqual(['Seconds', 'Count']);
  });

  it('takes values with counts and statistic sets', () => {
    const store = createMetricStore();
    put(store, T0, { Values: [1, 10], Counts: [9, 1] });
    put(store, T0, { StatisticValues: { SampleCount: 10, Sum: 30, Minimum: 0, Maximum: 20 } });
    expect(read(store, { stat: 'SampleCount' })).toEqual([20]);
    expect(read(store, { stat: 'Average' })).toEqual([49 / 20]);
    expect(read(store, { stat: 'Maximum' })).toEqual([20]);
    expect(read(store, { stat: 'p90' })).toEqual([undefined]);
  });

  it('reads below the minute only what was put with a resolution of one second', () => {
    const store = createMetricStore();
    put(store, T0 + 11_000, { Value: 1, StorageResolution: 1 });
    put(store, T0 + 12_000, { Value: 2 });
    expect(read(store, { periodMs: 10_000, periods: 3 })).toEqual([undefined, 1, undefined]);
    expect(read(store)).toEqual([3]);
    expect(store.isHighResolution({ namespace: 'N', name: 'm', dimensions: [] })).toBe(true);
  });

  it('takes data in any order', () => {
    const store = createMetricStore();
    put(store, T0 + 2 * MINUTE_MS);
    put(store, T0, { Value: 5 }, T0 + 2 * MINUTE_MS);
    expect(read(store, { periods: 3 })).toEqual([5, undefined, 1]);
  });
});

describe('the memory of the store', () => {
  it('drops minutes after 15 days and seconds after 3 hours', () => {
    const store = createMetricStore();
    put(store, T0, { Value: 1, StorageResolution: 1 });
    put(store, T0 + 3 * HOUR_MS, { Value: 1 });
    expect(read(store, { periodMs: 10_000 })).toEqual([1]);
    put(store, T0 + 5 * HOUR_MS, { Value: 1 });
    expect(read(store, { periodMs: 10_000 })).toEqual([undefined]);
    put(store, T0 + 15 * DAY_MS, { Value: 1 });
    expect(read(store)).toEqual([1]);
    put(store, T0 + 15 * DAY_MS + 2 * HOUR_MS, { Value: 1 });
    expect(read(store)).toEqual([undefined]);
  });

  it('does not grow with time: a minute of data for 40 days holds 15 days of it', () => {
    const store = createMetricStore();
    for (let minute = 0; minute < 40 * 24 * 60; minute += 1) put(store, T0 + minute * MINUTE_MS);
    expect(store.bucketCount()).toBeLessThanOrEqual((15 * 24 + 1) * 60);
  });

  it('forgets metrics that nobody publishes any more', () => {
    const store = createMetricStore();
    put(store, T0, { MetricName: 'old', Value: 1 });
    put(store, T0 + 16 * DAY_MS);
    expect(store.bucketCount()).toBe(1);
  });
});

describe('PutMetricData', () => {
  const nowMs = T0;

  function problemsOf(datum: object, call: object = {}): readonly string[] {
    const input = { Namespace: 'N', MetricData: [{ MetricName: 'm', Value: 1, ...datum }], ...call };
    const parsed = parseMetricData(input, nowMs);
    return 'problems' in parsed ? parsed.problems.map(({ path, message }) => `${path}: ${message}`) : [];
  }

  it.each([
    [{}, []],
    [{ Value: undefined }, ['MetricData[0].Value: must have exactly one of Value, Values and StatisticValues']],
    [{ Values: [1] }, ['MetricData[0].Value: must have exactly one of Value, Values and StatisticValues']],
    [{ Value: Number.NaN }, ['MetricData[0].Value: must be finite numbers from −2^360 to 2^360']],
    [{ Value: Number.POSITIVE_INFINITY }, ['MetricData[0].Value: must be finite numbers from −2^360 to 2^360']],
    [{ Value: 2 ** 360 }, []],
    [{ Value: -(2 ** 361) }, ['MetricData[0].Value: must be finite numbers from −2^360 to 2^360']],
    [
      { Value: undefined, Values: [1, 2], Counts: [1] },
      ['MetricData[0].Counts: must have a number of at least 0 for each of Values'],
    ],
    [{ Value: undefined, Values: Array<number>(150).fill(1) }, []],
    [
      { Value: undefined, Values: Array<number>(151).fill(1) },
      ['MetricData[0].Values: must be finite numbers from −2^360 to 2^360'],
    ],
    [
      { Value: undefined, StatisticValues: { SampleCount: 0, Sum: 0, Minimum: 0, Maximum: 0 } },
      ['MetricData[0].StatisticValues: is not a statistic set'],
    ],
    [{ Unit: 'Meters' }, ['MetricData[0].Unit: is not a unit']],
    [{ StorageResolution: 5 }, ['MetricData[0].StorageResolution: is not a resolution']],
    [{ MetricName: '' }, ['MetricData[0].MetricName: is not a metric name']],
    [
      {
        Dimensions: [
          { Name: 'a', Value: '1' },
          { Name: 'a', Value: '2' },
        ],
      },
      ['MetricData[0].Dimensions: must not name a dimension twice'],
    ],
    [{ Timestamp: new Date(nowMs - 14 * DAY_MS) }, []],
    [{ Timestamp: new Date(nowMs - 14 * DAY_MS - 1) }, ['MetricData[0].Timestamp: is out of range']],
    [{ Timestamp: new Date(nowMs + 2 * HOUR_MS) }, []],
    [{ Timestamp: new Date(nowMs + 2 * HOUR_MS + 1) }, ['MetricData[0].Timestamp: is out of range']],
    [{ Timestamp: new Date(Number.NaN) }, ['MetricData[0].Timestamp: is out of range']],
  ])('%o: %o', (datum, expected) => {
    expect(problemsOf(datum)).toEqual(expected);
  });

  it('reports every problem of every datum, and those of the call', () => {
    const call = { Namespace: ':N', EntityMetricData: [], MetricData: [{ MetricName: 'm' }, { Value: 1 }] };
    expect(problemsOf({}, call)).toEqual([
      'Namespace: is not a namespace',
      'EntityMetricData: entities are not modelled by the twin',
      'MetricData[0].Value: must have exactly one of Value, Values and StatisticValues',
      'MetricData[1].MetricName: is not a metric name',
    ]);
  });

  it.each([
    [999, 0],
    [1000, 0],
    [1001, 1],
  ])('%i data in a call: %i problems', (count, problems) => {
    const MetricData = Array.from({ length: count }, () => ({ MetricName: 'm', Value: 1 }));
    expect(problemsOf({}, { MetricData })).toHaveLength(problems);
  });
});
