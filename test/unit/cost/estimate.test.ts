import { describe, expect, it, vi } from 'vitest';
import { cloudWatchClient } from '../../../adapters/aws/clients.ts';
import { createCloudWatchTraffic } from '../../../adapters/aws/cloudwatch-traffic.ts';
import { createTelemetry } from '../../../adapters/aws/lambda-handler.ts';
import { checksOf } from '../../../core/config/accessors.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { type CostLine, totalUsd, usdOf } from '../../../core/cost/cost-line.ts';
import { costAtRest } from '../../../core/cost/estimate.ts';
import { costPerFailover } from '../../../core/cost/failover-cost.ts';
import { billedChecks } from '../../../core/cost/health-check-cost.ts';
import {
  ALTERNATIVES,
  lambdaSecond,
  logsGigabyte,
  PRICES,
  replicatedWrite,
  strongRead,
} from '../../../core/cost/prices.ts';
import {
  ITEM_BYTES,
  METRICS_PER_READING,
  observerQuantities,
  publishedBytes,
  situationUnits,
} from '../../../core/cost/quantities.ts';
import { NOT_INCLUDED, perStack, renderCost, renderLines } from '../../../core/cost/render.ts';
import { HEALTH_COUNTS, healthMetric, OBSERVERS_SILENT } from '../../../core/counters.ts';
import { signalsOf } from '../../../core/health/signals.ts';
import { initialState } from '../../../core/operation/application-state.ts';
import storefront from '../../../switchyard.config.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { dnsInput, OSAKA, SEOUL, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { fixtureConfig } from '../../_helpers/configs.ts';
import { checkSample, decisionSample, paritySample, reportSample } from '../../_helpers/coordination-samples.ts';

const lineOf = (lines: readonly CostLine[], what: string): CostLine => {
  const found = lines.find((line) => line.what === what);
  if (found === undefined) throw new Error(`no line ${what}`);
  return found;
};
const MINUTES = 730 * 60;

const SOME_TIME = Date.UTC(2026, 0, 1);

describe('an observer', () => {
  it('runs 190 s of every minute of 730 hours, at 256 MB', () => {
    const { seconds } = observerQuantities(storefront, SEOUL);
    expect(seconds).toBe(MINUTES * 190);
    const time = lineOf(costAtRest(storefront), 'observer: time');
    expect(time.quantity).toBe((MINUTES * 190) / 4);
    expect(usdOf(time)).toBeCloseTo(27.74, 2);
  });

  it.each([
    {
      what: 'the default table: 5 s every round, 10 s every third, 30 s every sixth, two Regions',
      config: storefront,
      reports: 1.5,
      readings: 1 / 6,
    },
    {
      what: 'a table without metrics',
      config: testConfig({ checks: { 'error-rate': false, 'response-time': false } }),
      reports: 4 / 3,
      readings: 0,
    },
  ])('writes and reads with $what', ({ config, reports, readings }) => {
    const rounds = MINUTES * 6;
    const entries = checksOf(config).length + signalsOf(config).length;
    const units = Math.ceil((ITEM_BYTES.report + entries * ITEM_BYTES.check + 3 * ITEM_BYTES.series) / 1024);
    const quantities = observerQuantities(config, SEOUL);
    expect(quantities.claimUnits).toBe(MINUTES * 19);
    expect(quantities.reportUnits).toBeCloseTo(rounds * reports * 2 * units, 3);
    expect(quantities.metricReads).toBeCloseTo(rounds * readings * 2 * METRICS_PER_READING, 3);
  });

  it('asks for one metric for each check of CloudWatch, as often as it is due', () => {
    const minute = { layer: 'business', class: 'important', intervalSeconds: 60, failureThreshold: 3 } as const;
    const check = { kind: 'queue-age', ...minute, timeoutSeconds: 10, queue: 'orders', aboveSeconds: 60 } as const;
    const { metricReads } = observerQuantities(testConfig({ checks: { orders: check } }), SEOUL);
    expect(metricReads - observerQuantities(testConfig(), SEOUL).metricReads).toBeCloseTo(MINUTES * 2, 3);
  });

  it('reads the situation twice a round where it decides, and once in a vantage', () => {
    expect(observerQuantities(storefront, SEOUL).readUnits).toBe(MINUTES * 6 * situationUnits(storefront));
    expect(observerQuantities(storefront, TOKYO).readUnits).toBe(MINUTES * 6 * 2 * situationUnits(storefront));
  });
});

describe('comparing Regions', () => {
  it('costs a function a minute in each, a metric, and what is read of it in every round; nothing where nothing is compared', () => {
    const config = testConfig({ parity: { dedupe: {} } });
    const more = costAtRest(config).filter(({ what }) => /comparer|parity/.test(what));
    expect(lineOf(more, 'comparer: time').quantity).toBe((MINUTES * 2) / 4);
    expect(more).toHaveLength(2 * 6);
    expect(situationUnits(config)).toBe(situationUnits(testConfig()) + 2);
    expect(costAtRest(testConfig()).filter(({ what }) => /comparer|parity/.test(what))).toEqual([]);
  });
});

describe('sizes that the estimate assumes', () => {
  it('are not less than those of samples', () => {
    const long = { reason: 'status 503 from the front door, as it was seen', value: 0.123_456_789 };
    const checks = Object.fromEntries(
      [...checksOf(storefront), ...signalsOf(storefront)].map(({ name }) => [name, checkSample(long)]),
    );
    const bytes = (item: unknown): number => JSON.stringify(item).length;
    const metric = Array.from({ length: 15 }, () => ({ value: 123.456, fromEpochMs: SOME_TIME, atEpochMs: SOME_TIME }));
    const metrics = { 'error-rate': metric, 'p95-ms': metric, 'requests-per-second': metric };
    const assumed = ITEM_BYTES.report + Object.keys(checks).length * ITEM_BYTES.check + 3 * ITEM_BYTES.series;
    expect(bytes(reportSample({ checks, metrics }))).toBeLessThanOrEqual(assumed);
    expect(bytes(initialState(storefront))).toBeLessThanOrEqual(ITEM_BYTES.state);
    expect(bytes(decisionSample())).toBeLessThanOrEqual(ITEM_BYTES.decision);
    const reasons = Array.from({ length: 10 }, (_, question) => `question ${question}: drift 0.0412, 0.03 is allowed`);
    const item = { item: 'blobs:media', verdict: 'different', reasons, comparedAtEpochMs: SOME_TIME } as const;
    const items = [item, item, item];
    expect(bytes(paritySample({ items }))).toBeLessThanOrEqual(ITEM_BYTES.parity);
  });

  it('are not less than the lines of metrics that an observer writes', () => {
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    let bytes = 0;
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => {
      bytes += JSON.stringify(JSON.parse(line)).length;
    });
    const telemetry = createTelemetry(
      { config: storefront, region: TOKYO, functionName: 'observe-regions' },
      { error: () => undefined, info: () => undefined },
    );
    const checks = checksOf(storefront).map(({ name }) => [healthMetric(name), 1]);
    const counts = Object.values(HEALTH_COUNTS).map((name) => [name, 8]);
    telemetry.measure({ region: TOKYO, values: { [OBSERVERS_SILENT]: 1 } });
    telemetry.measure({ region: SINGAPORE, values: Object.fromEntries([...checks, ...counts]) });
    log.mockRestore();
    vi.unstubAllEnvs();
    expect(bytes).toBeGreaterThan(0);
    expect(bytes * MINUTES).toBeLessThanOrEqual(publishedBytes(storefront));
  });

  it('ask CloudWatch for as many metrics as a reading does', async () => {
    const asked: unknown[] = [];
    const client = cloudWatchClient(TOKYO);
    client.middlewareStack.add(
      () => async (args) => {
        asked.push(...(args.input as { readonly MetricDataQueries: readonly unknown[] }).MetricDataQueries);
        return { response: {}, output: { $metadata: {} } };
      },
      { step: 'initialize' },
    );
    await createCloudWatchTraffic(storefront, () => client).read(TOKYO, { fromEpochMs: 0, toEpochMs: 120_000 });
    expect(asked).toHaveLength(METRICS_PER_READING);
  });
});

describe('a health check', () => {
  const billed = (config: ResolvedConfig, id: string) => billedChecks(config).find((check) => check.id === id);
  const plain = (endpoint: string): ResolvedConfig =>
    resolveConfig(
      dnsInput({
        regions: [
          { id: SINGAPORE, role: 'primary', endpoint },
          { id: TOKYO, role: 'standby', endpoint },
        ],
      }),
    );

  it.each([
    {
      what: 'of a bucket: https, string, 10 s',
      config: storefront,
      id: `switch-${SINGAPORE}-${TOKYO}`,
      ofAws: true,
      options: ['https', 'string matching', 'fast interval'],
    },
    {
      what: 'of a host name, which may lie anywhere',
      config: storefront,
      id: `endpoint-${TOKYO}`,
      ofAws: false,
      options: ['https', 'fast interval'],
    },
    { what: 'that is calculated', config: storefront, id: `serving-${TOKYO}`, ofAws: true, options: [] },
    {
      what: 'of a load balancer',
      config: fixtureConfig('active-passive-three-regions'),
      id: 'endpoint-us-east-1',
      ofAws: true,
      options: ['https', 'fast interval'],
    },
    {
      what: 'without TLS',
      config: plain('http://192.0.2.1'),
      id: `endpoint-${TOKYO}`,
      ofAws: false,
      options: ['fast interval'],
    },
  ])('$what is billed as such', ({ config, id, ofAws, options }) => {
    expect(billed(config, id)).toEqual({ id, ofAws, options });
  });

  it('of each kind is in the sum: 4 switches, 2 endpoints, 3 calculated', () => {
    expect(perStack(costAtRest(storefront)).get('switchyard-storefront-routing')).toBeCloseTo(
      4 * (0.5 + 3 * 1) + 2 * (0.75 + 2 * 2) + 3 * 0.5,
      6,
    );
  });
});

describe('a price', () => {
  it.each([
    ['ap-northeast-1', 13.3334e-6],
    ['ap-southeast-1', 13.3334e-6],
    ['ap-east-1', 18.3e-6],
  ])('of a GB-second in %s is %d', (region, usd) => {
    expect(lambdaSecond(region).usd).toBe(usd);
  });

  it.each([
    { region: 'us-east-1', write: 0.625e-6, read: 0.125e-6, asOf: 'undated' },
    { region: TOKYO, write: 0.715e-6, read: 0.143e-6, asOf: '2026-09-16' },
    { region: SEOUL, write: 0.68e-6, read: 0.136e-6, asOf: 'undated' },
    { region: OSAKA, write: 0.715e-6, read: 0.143e-6, asOf: 'unconfirmed' },
  ])('of a write and a read in $region; the dearest known one where none is', ({ region, write, read, asOf }) => {
    expect(replicatedWrite(region)).toMatchObject({ usd: write, asOf });
    expect(strongRead(region).usd).toBeCloseTo(read, 12);
  });

  it('of logs errs upwards where it is not known', () => {
    expect(logsGigabyte('us-east-1').usd).toBe(0.5);
    expect(logsGigabyte(SINGAPORE)).toMatchObject({ usd: 0.76, asOf: 'unconfirmed' });
  });

  it('has a page of AWS and a date, or says that it has none', () => {
    const lines = [...costAtRest(storefront), ...costPerFailover(storefront)].map(({ price }) => price);
    for (const { source, asOf } of [...Object.values(PRICES), ...lines, ...ALTERNATIVES]) {
      expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9-]+\/pricing\//);
      expect(asOf).toMatch(/^(\d{4}-\d{2}(-\d{2})?|undated|unconfirmed)$/);
    }
  });
});

describe('the estimate', () => {
  it('is the sum of its stacks, and its stacks the sums of their lines', () => {
    const lines = costAtRest(storefront);
    const stacks = perStack(lines);
    expect(stacks.size).toBe(5);
    expect([...stacks.values()].reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(totalUsd(lines), 9);
    for (const line of lines) expect(usdOf(line)).toBe(line.quantity * line.price.usd);
  });

  it('is that of health checks alone where DNS does everything, and a failover is free', () => {
    const config = resolveConfig(dnsInput());
    expect([...perStack(costAtRest(config)).keys()]).toEqual(['switchyard-storefront-routing']);
    expect(costPerFailover(config)).toEqual([]);
  });

  it('bills each member of the table for every write, the witness too', () => {
    const lines = costAtRest(storefront).filter(({ what }) => what.startsWith('reports, in '));
    expect(lines.map(({ what }) => what.replace('reports, in ', ''))).toEqual([TOKYO, SEOUL, OSAKA]);
    expect(new Set(lines.map(({ quantity }) => quantity)).size).toBe(1);
  });

  it('stores the access logs of switches for 90 days where they lie: 7.5 GB a switch', () => {
    const kept = costAtRest(storefront).filter(({ what }) => what === 'access logs of switches');
    expect(kept.map(({ stack }) => stack.replace('switchyard-storefront-', ''))).toEqual([
      `region-${SINGAPORE}`,
      `region-${TOKYO}`,
      `vantage-${SEOUL}`,
    ]);
    const ofOne = (16 * 360 * 24 * 90 * 600) / 1e9;
    expect(kept.map(({ quantity }) => quantity / ofOne)).toEqual([1, 1, 2]);
  });

  it('has the alarm on waiting writes where writes wait', () => {
    const [plain, waiting] = (['active-passive', 'queue-based-writes'] as const).map((preset) =>
      resolveConfig(inputFor(preset, 2)),
    );
    const metrics = (config: ResolvedConfig): number => lineOf(costAtRest(config), 'metrics of alarms').quantity;
    expect(metrics(waiting ?? storefront) - metrics(plain ?? storefront)).toBe(1);
  });

  it('has three composite alarms a Region of two, and a metric for every check and count of the other Region', () => {
    expect(lineOf(costAtRest(storefront), 'composite alarms').quantity).toBe(3);
    expect(lineOf(costAtRest(storefront), 'metrics published').quantity).toBe(8 + 3 + 1);
    // 8 checks, 2 traffic alarms and 4 burn rates on two metrics each, the lag, 8 on our own work.
    expect(lineOf(costAtRest(storefront), 'metrics of alarms').quantity).toBe(8 + 2 * 2 + 4 * 2 + 1 + 8);
  });

  it('bills reads of switches only while a Region is out', () => {
    const { quantity } = lineOf(costPerFailover(storefront), 'switches read by checkers while out');
    expect(quantity).toBe(2 * 16 * 360 * 2);
  });

  it('tells stacks, the sum, a failover, what else there is, and what is left out', () => {
    const text = renderCost(storefront);
    expect(text).toMatch(/together +\d+\.\d\d\n/);
    expect(text).toMatch(/a failover and its failback +0\.\d\d\n/);
    expect(text).toMatch(/ARC Region switch, one plan +70\.00\n/);
    expect(text).toMatch(/ARC routing control, one cluster at \$2\.50 an hour +1825\.00\n/);
    for (const part of NOT_INCLUDED) expect(text).toContain(part);
    expect(renderLines(storefront).split('\n')[0]).toMatch(
      /^ +27\.74 {2}switchyard-storefront-.*, observer: time: 2080500 × /,
    );
  });
});
