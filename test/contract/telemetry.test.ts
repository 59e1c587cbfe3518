import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTelemetry } from '../../adapters/aws/lambda-handler.ts';
import { COUNTERS, counterMetric } from '../../core/counters.ts';
import exampleConfig from '../../switchyard.config.ts';
import { SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';

const OWNER = { config: exampleConfig, region: TOKYO, functionName: 'observe-regions' };

const QUIET = { error: () => undefined, info: () => undefined };

/** Lines that a function writes for CloudWatch to read metrics from. */
function capture(run: () => void): readonly Record<string, unknown>[] {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  run();
  log.mockRestore();
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the telemetry of a function', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('counts a failure where alarms look for it, and logs what it was', () => {
    const logged: unknown[] = [];
    const logger = { ...QUIET, error: (...line: unknown[]) => void logged.push(line) };
    const lines = capture(() => createTelemetry(OWNER, logger).failed(COUNTERS.startFailed, new TypeError('denied')));
    const { namespace, dimensions } = counterMetric(OWNER);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ ...dimensions, [COUNTERS.startFailed]: 1 });
    expect(lines[0]?.['_aws']).toMatchObject({
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [expect.arrayContaining(Object.keys(dimensions))] }],
    });
    expect(logged).toEqual([[COUNTERS.startFailed, { error: 'TypeError: denied' }]]);
  });

  it('tells values of one Region in one line, under that Region and no function', () => {
    const values = { 'health.check.order-service': 1, 'health.checks.failed': 1 };
    const told = () => createTelemetry(OWNER, QUIET).measure({ region: SINGAPORE, values });
    const lines = capture(told);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEqual({ _aws: expect.anything(), Application: 'storefront', Region: SINGAPORE, ...values });
    expect(lines[0]?.['_aws']).toMatchObject({
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'Switchyard',
          Dimensions: [['Application', 'Region']],
          Metrics: Object.keys(values).map((Name) => ({ Name, Unit: 'Count' })),
        },
      ],
    });
  });

  it('tells every value in its own unit', () => {
    const values = { 'failover.events.total': 1, 'failover.rto.actual': 90, 'failback.duration.hours': 2 };
    const [line] = capture(() => createTelemetry(OWNER, QUIET).measure({ region: TOKYO, values }));
    expect(line?.['_aws']).toMatchObject({
      CloudWatchMetrics: [
        {
          Metrics: [
            { Name: 'failover.events.total', Unit: 'Count' },
            { Name: 'failover.rto.actual', Unit: 'Seconds' },
            { Name: 'failback.duration.hours', Unit: 'None' },
          ],
        },
      ],
    });
  });

  it('tells everything at once, long before the invocation ends', () => {
    const lines = capture(() => {
      const telemetry = createTelemetry(OWNER, QUIET);
      telemetry.count(COUNTERS.monitored, 1);
      telemetry.measure({ region: SINGAPORE, values: { 'observers.silent': 1 } });
    });
    expect(lines.map(({ _aws: _, ...line }) => line)).toMatchObject([
      { [COUNTERS.monitored]: 1 },
      { 'observers.silent': 1 },
    ]);
  });

  it('writes a line to the log that counts nothing', () => {
    const logged: unknown[] = [];
    const logger = { ...QUIET, info: (...line: unknown[]) => void logged.push(line) };
    expect(capture(() => createTelemetry(OWNER, logger).log('decision', { ruleId: 'D400' }))).toEqual([]);
    expect(logged).toEqual([['decision', { ruleId: 'D400' }]]);
  });
});
