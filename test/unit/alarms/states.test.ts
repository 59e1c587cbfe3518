import type { PutCompositeAlarmCommandInput, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { compileAlarms } from '../../../core/alarms/compile.ts';
import { applicationRegions } from '../../../core/config/accessors.ts';
import { names } from '../../../core/config/names.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { healthMetric } from '../../../core/counters.ts';
import storefront from '../../../switchyard.config.ts';
import { T0, type WatchedTwin, watchedTwin } from '../../_helpers/cloudwatch-twin.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/config.ts';
import { CONFIGS, PRESET_CONFIGS } from '../../_helpers/configs.ts';

/** A CloudWatch that has the alarms of a Region, as they are compiled. */
function watching(config: ResolvedConfig = storefront, region = TOKYO): WatchedTwin {
  const watched = watchedTwin();
  for (const { kind, definition } of compileAlarms(config, region)) {
    if (kind === 'metric') watched.twin.putMetricAlarm(definition as PutMetricAlarmCommandInput);
    else watched.twin.putCompositeAlarm(definition as PutCompositeAlarmCommandInput);
  }
  return watched;
}

/** Publishes for a minute, counted from the start. */
function publish(watched: WatchedTwin, minute: number, region: string, values: Readonly<Record<string, number>>): void {
  const Timestamp = new Date(T0 + minute * 60_000 + 52_000);
  const Dimensions = [
    { Name: 'Application', Value: 'storefront' },
    { Name: 'Region', Value: region },
  ];
  const MetricData = Object.entries(values).map(([MetricName, Value]) => ({
    MetricName,
    Value,
    Timestamp,
    Dimensions,
  }));
  watched.twin.putMetricData({ Namespace: 'Switchyard', MetricData }, Timestamp.getTime());
}

const verdicts = (...failed: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.keys(storefront.checks).map((name) => [healthMetric(name), failed.includes(name) ? 1 : 0]));
const impaired = names.alarm(storefront, `region-impaired-${SINGAPORE}`);

describe.each([...CONFIGS, ...PRESET_CONFIGS])('the alarms compiled for %s', (_, config) => {
  it('are all taken by CloudWatch, under names of their own', () => {
    for (const region of applicationRegions(config)) {
      expect(() => watching(config, region)).not.toThrow();
      const given = compileAlarms(config, region).map(({ definition }) => definition.AlarmName);
      expect(new Set(given).size).toBe(given.length);
    }
  });
});

describe('region-impaired', () => {
  it.each([
    { failed: ['region-connectivity'], state: 'ALARM' },
    { failed: ['database-writer'], state: 'ALARM' },
    { failed: ['cache-cluster'], state: 'OK' },
    { failed: ['cache-cluster', 'order-service'], state: 'ALARM' },
    { failed: ['cache-cluster', 'inventory-service', 'error-rate'], state: 'OK' },
    { failed: [], state: 'OK' },
  ])('is $state at the minute after $failed failed', ({ failed, state }) => {
    const watched = watching();
    publish(watched, 0, SINGAPORE, verdicts(...failed));
    watched.runTo(60);
    expect(watched.stateOf(impaired)).toBe(state);
  });

  it('ends with the failure, and does not go off while everything is unknown', () => {
    const watched = watching();
    publish(watched, 0, SINGAPORE, verdicts('region-connectivity'));
    watched.runTo(60);
    publish(watched, 1, SINGAPORE, verdicts());
    watched.runTo(120);
    expect(watched.stateOf(impaired)).toBe('OK');
    watched.runTo(600);
    expect(watched.stateOf(names.alarm(storefront, `health-${SINGAPORE}-region-connectivity`))).toBe(
      'INSUFFICIENT_DATA',
    );
    expect(watched.stateOf(impaired)).toBe('OK');
  });
});

describe('a burn rate', () => {
  const fast = names.alarm(storefront, 'burn-rate-fast');
  const traffic = (requests: number, errors: number) => ({ 'service.requests': requests, 'service.errors': errors });

  it('pages once five minutes and the hour have spent it, and ends five minutes after the failures', () => {
    const watched = watching();
    for (let minute = 0; minute < 55; minute++) publish(watched, minute, TOKYO, traffic(6_000, 0));
    for (let minute = 55; minute < 65; minute++) publish(watched, minute, TOKYO, traffic(6_000, 900));
    for (let minute = 65; minute < 75; minute++) publish(watched, minute, TOKYO, traffic(6_000, 0));
    watched.runTo(59 * 60);
    expect(watched.stateOf(names.alarm(storefront, 'burn-rate-fast-5m'))).toBe('ALARM');
    expect(watched.stateOf(fast)).toBe('OK');
    watched.runTo(65 * 60);
    expect(watched.stateOf(fast)).toBe('ALARM');
    watched.runTo(70 * 60);
    expect(watched.stateOf(fast)).toBe('OK');
  });

  it('counts no failures below a request a second', () => {
    const watched = watching();
    for (let minute = 0; minute < 70; minute++) publish(watched, minute, TOKYO, traffic(59, 59));
    watched.runTo(70 * 60);
    expect(watched.stateOf(fast)).toBe('OK');
  });
});
