import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { createCloudWatchTraffic } from '../../../adapters/aws/cloudwatch-traffic.ts';
import storefront from '../../../switchyard.config.ts';

const MINUTE_MS = 60_000;
const [FIRST, SECOND] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + MINUTE_MS];

/** What is published of two minutes, newest first. */
const TRUE_NUMBERS = { requests: [600, 600], errors: [3, 9], connections: [60, 120], p95: [180, 240] };

/** What is read where CloudWatch has these values. */
function readingOf(changes: Partial<Record<keyof typeof TRUE_NUMBERS, readonly number[]>>) {
  const MetricDataResults = Object.entries({ ...TRUE_NUMBERS, ...changes }).map(([Id, Values]) => ({
    Id,
    Values,
    Timestamps: [SECOND, FIRST].slice(0, Values.length).map((at) => new Date(at)),
  }));
  const client = { send: async () => ({ MetricDataResults }) } as unknown as CloudWatchClient;
  const span = { fromEpochMs: FIRST, toEpochMs: SECOND + MINUTE_MS };
  return createCloudWatchTraffic(storefront, () => client).read('ap-southeast-1', span);
}

const WHOLE = {
  requestsPerSecond: 10,
  errorRate: 0.01,
  connectionsPerSecond: 1.5,
  p95Milliseconds: 240,
  measuredFromEpochMs: FIRST,
  measuredAtEpochMs: SECOND + MINUTE_MS,
};

describe('the traffic of a Region', () => {
  it('is read whole where all of it can be', async () => {
    expect(await readingOf({})).toEqual(WHOLE);
  });

  it.each([
    { errors: [600, 600], errorRate: 1 },
    { errors: [600, 601], errorRate: undefined },
    { errors: [1200, 1200], errorRate: undefined },
    { errors: [-1, 9], errorRate: undefined },
    { errors: [Number.NaN, 9], errorRate: undefined },
    { errors: [Number.POSITIVE_INFINITY, 9], errorRate: undefined },
  ])('has no error rate where more fail than are asked, or fewer than none: $errors', async ({ errors, errorRate }) => {
    const { errorRate: _, ...others } = WHOLE;
    expect(await readingOf({ errors })).toEqual(errorRate === undefined ? others : { ...others, errorRate });
  });

  it.each([{ p95: [0, 0] }, { p95: [0, 240] }])('may take no time at all: $p95', async ({ p95 }) => {
    expect((await readingOf({ p95 })).p95Milliseconds).toBe(Math.max(...p95));
  });

  it.each([{ p95: [-1, 240] }, { p95: [240, Number.NaN] }])('never takes less: $p95', async ({ p95 }) => {
    expect(await readingOf({ p95 })).not.toHaveProperty('p95Milliseconds');
  });

  it.each([{ connections: [-1, 60] }, { connections: [Number.NaN] }])(
    'has no rate of connections where there are fewer than none: $connections',
    async ({ connections }) => {
      expect(await readingOf({ connections })).not.toHaveProperty('connectionsPerSecond');
    },
  );

  it.each([{ requests: [-600, 600] }, { requests: [600, Number.NaN] }, { requests: [] }])(
    'is not measured where its requests are not: $requests',
    async ({ requests }) => {
      expect(await readingOf({ requests })).toEqual({});
    },
  );
});

describe('what an application publishes of a herd', () => {
  const read = (results: Readonly<Record<string, readonly number[]>>, traffic = {}) => {
    const asked: unknown[] = [];
    const MetricDataResults = Object.entries(results).map(([Id, Values]) => ({
      Id,
      Values,
      Timestamps: [SECOND, FIRST].slice(0, Values.length).map((at) => new Date(at)),
    }));
    const send = async ({ input }: { input: { MetricDataQueries: readonly { Id: string }[] } }) => {
      asked.push(...input.MetricDataQueries.map(({ Id }) => Id));
      return { MetricDataResults };
    };
    const config = { ...storefront, traffic: { ...storefront.traffic, ...traffic } };
    const port = createCloudWatchTraffic(config, () => ({ send }) as unknown as CloudWatchClient);
    const reading = port.read('ap-southeast-1', { fromEpochMs: FIRST, toEpochMs: SECOND + MINUTE_MS });
    return reading.then((found) => ({ found, asked }));
  };
  const NAMED = { retries: 'service.retries', cacheHits: 'cache.hits' };

  it('is asked for where it is named, and only there', async () => {
    expect((await read(TRUE_NUMBERS)).asked).toEqual(['requests', 'errors', 'connections', 'p95']);
    expect((await read(TRUE_NUMBERS, NAMED)).asked).toEqual(expect.arrayContaining(['retries', 'cacheHits']));
  });

  it('is the repetitions per second, and the worst of the cache', async () => {
    const { found } = await read({ ...TRUE_NUMBERS, retries: [60, 240], cacheHits: [91, 84] }, NAMED);
    expect(found).toEqual({ ...WHOLE, retriesPerSecond: 2.5, cacheHitPercent: 84 });
  });

  it('cannot be more repetitions than requests', async () => {
    const { found } = await read({ ...TRUE_NUMBERS, retries: [600, 601] }, NAMED);
    expect(found).toEqual(WHOLE);
  });

  it('knows a cache that is warmed while nobody asks', async () => {
    expect((await read({ requests: [], cacheHits: [85] }, NAMED)).found).toEqual({ cacheHitPercent: 85 });
  });
});
