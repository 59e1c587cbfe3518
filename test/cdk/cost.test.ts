import { describe, expect, it } from 'vitest';
import { applicationRegions, guardiansOf, observersOf, traitsOf } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { costAtRest } from '../../core/cost/estimate.ts';
import { billedChecks } from '../../core/cost/health-check-cost.ts';
import { alarmMetrics, compositeAlarms, publishedMetrics } from '../../core/cost/quantities.ts';
import { FUNCTION_MEMORY_MB } from '../../core/function-sizes.ts';
import { ACCESS_LOG_DAYS } from '../../core/log-retention.ts';
import { needsComparison } from '../../core/parity/items.ts';
import { STEPS } from '../../state-machines/contracts.ts';
import { CONFIGS, PRESET_CONFIGS } from '../_helpers/configs.ts';
import { isBucketOf, type Resource, synthesized } from '../_helpers/synthesize.ts';

interface Found {
  readonly stack: string;
  readonly properties: Resource['Properties'];
}

/** How many lines of the estimate say this, over all stacks. */
function lines(config: ResolvedConfig, what: string): number {
  return costAtRest(config).filter((line) => line.what === what).length;
}

describe.each([...CONFIGS, ...PRESET_CONFIGS])('what is billed for %s', (_, config) => {
  const { stacks, resources } = synthesized(config);
  const all = (type: string): readonly Found[] =>
    [...stacks.keys()].flatMap((stack) =>
      [...resources(stack, type).values()].map(({ Properties }) => ({ stack, properties: Properties })),
    );
  const { orchestrated } = traitsOf(config);
  const regions = orchestrated ? applicationRegions(config) : [];

  it('is every health check of the templates, with its options', () => {
    const deployed = all('AWS::Route53::HealthCheck').map(({ properties }) => {
      const check = properties['HealthCheckConfig'] as Readonly<Record<string, unknown>>;
      const [tag] = properties['HealthCheckTags'] as readonly [{ readonly Value: string }];
      const type = String(check['Type']);
      const options = [type.startsWith('HTTPS'), type.endsWith('STR_MATCH'), check['RequestInterval'] === 10];
      return [tag.Value, options.filter((option) => option).length];
    });
    expect(
      billedChecks(config)
        .map(({ id, options }) => [id, options.length])
        .toSorted(),
    ).toEqual(deployed.toSorted());
  });

  it('is every alarm of the templates, by its metrics', () => {
    for (const region of regions) {
      const alarms = all('AWS::CloudWatch::Alarm').filter(({ stack }) => stack === `region-${region}`);
      const metrics = alarms.map(({ properties }) => {
        const of = (properties['Metrics'] ?? [{ MetricStat: {} }]) as readonly object[];
        return of.filter((metric) => 'MetricStat' in metric).length;
      });
      expect(metrics.reduce((sum, each) => sum + each, 0)).toBe(alarmMetrics(config, region));
      const composites = all('AWS::CloudWatch::CompositeAlarm').filter(({ stack }) => stack === `region-${region}`);
      expect(composites).toHaveLength(compositeAlarms(config, region));
    }
    expect(lines(config, 'metrics of alarms')).toBe(regions.length);
    expect(lines(config, 'composite alarms')).toBe(regions.length);
  });

  it('is every metric of health that an alarm of the templates looks at', () => {
    for (const region of regions) {
      const watched = all('AWS::CloudWatch::Alarm')
        .filter(({ stack }) => stack === `region-${region}`)
        .map(({ properties }) => String(properties['MetricName']))
        .filter((metric) => metric.startsWith('health.check.') || metric === 'observers.silent');
      const counts = 3 * (regions.length - 1);
      expect(watched.length + counts).toBe(publishedMetrics(config));
    }
  });

  it('is every function that runs by itself, with its memory; steps run in a failover alone', () => {
    const functions = all('AWS::Lambda::Function').map(({ properties }) => properties);
    const named = (name: string) =>
      functions.filter(({ FunctionName }) => FunctionName === names.stepFunction(config, name));
    const observers = orchestrated ? observersOf(config).length : 0;
    expect(named('observe-regions')).toHaveLength(observers);
    expect(lines(config, 'observer: time')).toBe(observers);
    expect(named('reconcile-records')).toHaveLength(regions.length);
    expect(lines(config, 'reconciler: time')).toBe(regions.length);
    const comparers = needsComparison(config) ? regions.length : 0;
    expect(named('compare-regions')).toHaveLength(comparers);
    expect(lines(config, 'comparer: time')).toBe(comparers);
    expect(lines(config, 'metric of parity')).toBe(comparers);
    expect(all('AWS::Scheduler::Schedule')).toHaveLength(observers + regions.length + comparers);
    const sizes: readonly (readonly [string, number])[] = [
      ['observe-regions', FUNCTION_MEMORY_MB.observer],
      ['reconcile-records', FUNCTION_MEMORY_MB.reconciler],
      ['compare-regions', FUNCTION_MEMORY_MB.comparer],
      ...STEPS.map((step) => [step, FUNCTION_MEMORY_MB.step] as const),
    ];
    for (const [name, size] of sizes) {
      for (const { MemorySize } of named(name)) expect(MemorySize).toBe(size);
    }
  });

  it('is every key, and looks at the switches of every bucket', () => {
    expect(lines(config, 'key of the topic')).toBe(all('AWS::KMS::Key').length);
    const guardians = new Set(regions.flatMap((ward) => guardiansOf(config, ward)));
    const buckets = all('AWS::S3::Bucket').map(({ properties }) => properties);
    expect(buckets.filter((bucket) => isBucketOf('guardian', bucket))).toHaveLength(
      config.evacuation.kind === 's3' ? guardians.size : 0,
    );
  });

  it('is the access logs of every bucket with switches, as long as they are kept', () => {
    const logs = all('AWS::S3::Bucket').filter(({ properties }) => isBucketOf('access', properties));
    const billed = costAtRest(config).filter(({ what }) => what === 'access logs of switches');
    const stackOf = (name: string): string => names.stack(config, name);
    expect(billed.map(({ stack }) => stack).toSorted()).toEqual(logs.map(({ stack }) => stackOf(stack)).toSorted());
    for (const { properties } of logs) {
      expect(properties['LifecycleConfiguration']).toMatchObject({ Rules: [{ ExpirationInDays: ACCESS_LOG_DAYS }] });
    }
  });

  it('is every stack, by its name, and nothing of a stack that is not there', () => {
    const billed = new Set(costAtRest(config).map(({ stack }) => stack));
    expect(billed).toEqual(new Set([...stacks.values()].map(({ stackName }) => stackName)));
  });

  it('is every member of the table', () => {
    const [table] = all('AWS::DynamoDB::GlobalTable').map(({ properties }) => properties);
    const replicas = ((table?.['Replicas'] ?? []) as readonly { readonly Region: string }[]).map(
      ({ Region }) => Region,
    );
    const witnesses = ((table?.['GlobalTableWitnesses'] ?? []) as readonly { readonly Region: string }[]).map(
      ({ Region }) => Region,
    );
    const billed = costAtRest(config).flatMap(({ what }) => /^reports, in (.*)$/.exec(what)?.[1] ?? []);
    expect(billed.toSorted()).toEqual([...replicas, ...witnesses].toSorted());
  });
});
