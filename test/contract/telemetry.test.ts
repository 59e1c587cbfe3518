import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTelemetry } from '../../adapters/aws/lambda-handler.ts';
import { COUNTERS, counterMetric } from '../../core/counters.ts';
import exampleConfig from '../../switchyard.config.ts';
import { TOKYO } from '../_helpers/coordination-samples.ts';

const OWNER = { config: exampleConfig, region: TOKYO, functionName: 'observe-regions' };

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
    const note = (...line: unknown[]) => void logged.push(line);
    const logger = { error: note, info: note };
    const lines = capture(() => createTelemetry(OWNER, logger).failed(COUNTERS.startFailed, new TypeError('denied')));
    const { namespace, dimensions } = counterMetric(OWNER);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ ...dimensions, [COUNTERS.startFailed]: 1 });
    expect(lines[0]?.['_aws']).toMatchObject({
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [expect.arrayContaining(Object.keys(dimensions))] }],
    });
    expect(logged).toEqual([[COUNTERS.startFailed, { error: 'TypeError: denied' }]]);
  });
});
