import { describe, expect, it } from 'vitest';
import { compileAlarms, wakingAlarms } from '../../../core/alarms/compile.ts';
import type { CompiledAlarm, CompiledMetricAlarm } from '../../../core/alarms/definition.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput, ResolvedConfig } from '../../../core/config/types.ts';
import { COUNTERS } from '../../../core/counters.ts';
import storefront from '../../../switchyard.config.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { dnsInput, MUMBAI, regionsOf, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';

const find = (alarms: readonly CompiledAlarm[], id: string): CompiledAlarm => {
  const found = alarms.find((alarm) => alarm.id === id);
  if (found === undefined) throw new Error(`no alarm ${id}; there are ${alarms.map((alarm) => alarm.id).join(', ')}`);
  return found;
};
const inTokyo = (config: ResolvedConfig = storefront) => compileAlarms(config, TOKYO);
const metricAlarm = (id: string, config?: ResolvedConfig): CompiledMetricAlarm['definition'] => {
  const alarm = find(inTokyo(config), id);
  if (alarm.kind !== 'metric') throw new Error(`${id} is a composite alarm`);
  return alarm.definition;
};
const ruleOf = (config: ResolvedConfig): string => {
  const alarm = find(inTokyo(config), `region-impaired-${SINGAPORE}`);
  return alarm.kind === 'composite' ? alarm.definition.AlarmRule : '';
};
const aurora = (data: Partial<Extract<ConfigInput['data'], { adapter: 'aurora-global' }>>): ResolvedConfig =>
  testConfig({ data: { adapter: 'aurora-global', globalCluster: 'storefront', ...data } });

describe('the alarms of a Region', () => {
  it('are none where DNS does everything', () => {
    expect(compileAlarms(resolveConfig(dnsInput()), TOKYO)).toEqual([]);
  });

  it('are these in the standby of the example', () => {
    const checks = Object.keys(storefront.checks).map((check) => `health-${SINGAPORE}-${check}`);
    expect(inTokyo().map(({ id }) => id)).toEqual([
      ...checks,
      `region-impaired-${SINGAPORE}`,
      'traffic-error-rate',
      'traffic-response-time',
      'burn-rate-fast-5m',
      'burn-rate-fast-60m',
      'burn-rate-fast',
      'burn-rate-slow-30m',
      'burn-rate-slow-360m',
      'burn-rate-slow',
      'replication-lag',
      'start-failed',
      'start-exhausted',
      'notification-failed',
      'coordination-unreachable',
      'rounds-failed',
      'decision-not-kept',
      'observer-missing',
      'observers-silent',
    ]);
  });

  it('tell people of everything but what feeds a composite alarm or is informational', () => {
    const quiet = inTokyo().filter(({ tellsPeople }) => !tellsPeople);
    const children = inTokyo().flatMap((alarm) => (alarm.kind === 'composite' ? alarm.children : []));
    const others = quiet.map(({ id }) => id).filter((id) => !id.startsWith('health-') && !children.includes(id));
    expect(others).toEqual(['traffic-response-time']);
    for (const { definition } of quiet) expect(definition.AlarmDescription).toContain('pages nobody by itself');
  });

  it('wake the observer where another Region is impaired or the traffic suffers', () => {
    expect(wakingAlarms(storefront, TOKYO)).toEqual([
      `switchyard-storefront-region-impaired-${SINGAPORE}`,
      'switchyard-storefront-traffic-error-rate',
      'switchyard-storefront-traffic-response-time',
    ]);
  });
});

describe('the alarm on what a Region holds', () => {
  const comparing = testConfig({ parity: { dedupe: {} } });

  it('goes off where a failover to the Region would have been refused for a quarter of an hour', () => {
    expect(metricAlarm('regions-differ', comparing)).toMatchObject({
      Namespace: 'Switchyard',
      MetricName: 'parity.differences',
      Dimensions: [
        { Name: 'Application', Value: 'storefront' },
        { Name: 'Region', Value: TOKYO },
      ],
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 15,
      TreatMissingData: 'missing',
    });
    expect(find(inTokyo(comparing), 'regions-differ')).toMatchObject({ tellsPeople: true, wakesObserver: false });
  });

  it('is not there where nothing is compared between Regions', () => {
    expect(inTokyo().map(({ id }) => id)).not.toContain('regions-differ');
  });
});

describe('the alarm on a check', () => {
  it('goes off with the verdict of the quorum, and knows nothing while that is unknown', () => {
    expect(metricAlarm(`health-${SINGAPORE}-order-service`)).toMatchObject({
      AlarmName: `switchyard-storefront-health-${SINGAPORE}-order-service`,
      Namespace: 'Switchyard',
      MetricName: 'health.check.order-service',
      Dimensions: [
        { Name: 'Application', Value: 'storefront' },
        { Name: 'Region', Value: SINGAPORE },
      ],
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      TreatMissingData: 'missing',
    });
  });

  it('is there for every other Region, and for none about itself', () => {
    const three = testConfig({ regions: regionsOf([SINGAPORE, TOKYO, MUMBAI]) });
    const subjects = inTokyo(three).flatMap(({ id }) => /^region-impaired-(.*)$/.exec(id)?.[1] ?? []);
    expect(subjects).toEqual([SINGAPORE, MUMBAI]);
    expect(inTokyo(three).filter(({ id }) => id.startsWith(`health-${TOKYO}`))).toEqual([]);
  });
});

interface ImpairedRow {
  readonly what: string;
  readonly checks: ConfigInput['checks'];
  readonly rule: string;
}

describe('the alarm on a whole Region', () => {
  const alarm = (check: string) => `"switchyard-storefront-health-${SINGAPORE}-${check}"`;
  const unimportant = { class: 'important' as const };

  it.each([
    {
      what: 'the front door, the database writer, or two critical checks',
      checks: undefined,
      rule: `ALARM(${alarm('region-connectivity')}) OR ALARM(${alarm('database-writer')}) OR AT_LEAST(2, ALARM, (${[
        'region-connectivity',
        'database-writer',
        'cache-cluster',
        'order-service',
        'payment-service',
      ]
        .map(alarm)
        .join(', ')}))`,
    },
    {
      what: 'two critical checks where the table has neither of the two',
      checks: {
        'region-connectivity': false,
        'database-writer': false,
        'cache-cluster': { dependsOn: [] },
        'order-service': { dependsOn: [] },
        'payment-service': { ...unimportant, dependsOn: [] },
        'inventory-service': { dependsOn: [] },
      },
      rule: `AT_LEAST(2, ALARM, (${alarm('cache-cluster')}, ${alarm('order-service')}))`,
    },
    {
      what: 'the only critical check',
      checks: {
        'region-connectivity': unimportant,
        'database-writer': false,
        'cache-cluster': unimportant,
        'order-service': unimportant,
      },
      rule: `ALARM(${alarm('region-connectivity')}) OR ALARM(${alarm('payment-service')})`,
    },
  ] as readonly ImpairedRow[])('looks at $what', ({ checks, rule }) => {
    expect(ruleOf(testConfig(checks === undefined ? {} : { checks }))).toBe(rule);
  });
});

describe('the alarms on traffic', () => {
  const own = [
    { Name: 'Application', Value: 'storefront' },
    { Name: 'Region', Value: TOKYO },
  ];
  const metric = (Id: string, MetricName: string, Stat: string, Period = 60) => ({
    Id,
    MetricStat: { Metric: { Namespace: 'Switchyard', MetricName, Dimensions: own }, Period, Stat },
    ReturnData: false,
  });

  it.each([
    {
      id: 'traffic-error-rate',
      limit: 0.1,
      value: 'errors / requests',
      over: { id: 'errors', name: 'service.errors', stat: 'Sum' },
    },
    {
      id: 'traffic-response-time',
      limit: 500,
      value: 'p95',
      over: { id: 'p95', name: 'service.latency', stat: 'p95' },
    },
  ])('$id judges at one request a second or more, by limit and patience of the table', (row) => {
    const { id, limit, value, over } = row;
    expect(metricAlarm(id)).toMatchObject({
      Metrics: [
        { Id: 'judged', Expression: `IF(requests >= 60, ${value}, 0)`, ReturnData: true },
        metric('requests', 'service.requests', 'Sum'),
        metric(over.id, over.name, over.stat),
      ],
      Threshold: limit,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
      TreatMissingData: 'missing',
    });
  });

  it('wait as long as an observer would, in whole minutes', () => {
    const patience = (intervalSeconds: number, failureThreshold: number) =>
      metricAlarm(
        'traffic-error-rate',
        testConfig({ checks: { 'error-rate': { intervalSeconds, failureThreshold, timeoutSeconds: 5 } } }),
      ).EvaluationPeriods;
    expect([patience(60, 5), patience(90, 3), patience(10, 6), patience(10, 7)]).toEqual([5, 5, 1, 2]);
  });

  it('are gone with their check', () => {
    const without = inTokyo(testConfig({ checks: { 'error-rate': false } }));
    expect(without.map(({ id }) => id).filter((id) => id.startsWith('traffic-'))).toEqual(['traffic-response-time']);
  });

  it.each([
    { percent: 99.9, limits: [0.0144, 0.0144, 0.006, 0.006] },
    { percent: 99.99, limits: [0.00144, 0.00144, 0.0006, 0.0006] },
    { percent: 99, limits: [0.144, 0.144, 0.06, 0.06] },
  ])('measure the budget of $percent % over two stretches for each rate', ({ percent, limits }) => {
    const config = testConfig({ slo: { availabilityPercent: percent } });
    const windows = [
      ['burn-rate-fast-5m', 300],
      ['burn-rate-fast-60m', 3600],
      ['burn-rate-slow-30m', 1800],
      ['burn-rate-slow-360m', 21_600],
    ] as const;
    for (const [index, [id, period]] of windows.entries()) {
      expect(metricAlarm(id, config)).toMatchObject({
        Metrics: [
          { Expression: `IF(requests >= ${period}, errors / requests, 0)` },
          metric('requests', 'service.requests', 'Sum', period),
          metric('errors', 'service.errors', 'Sum', period),
        ],
        Threshold: limits[index],
        EvaluationPeriods: 1,
      });
    }
  });

  it('page for a budget only where both of its stretches agree', () => {
    expect(find(inTokyo(), 'burn-rate-slow')).toMatchObject({
      kind: 'composite',
      tellsPeople: true,
      children: ['burn-rate-slow-30m', 'burn-rate-slow-360m'],
      definition: {
        AlarmRule:
          'ALARM("switchyard-storefront-burn-rate-slow-30m") AND ALARM("switchyard-storefront-burn-rate-slow-360m")',
      },
    });
  });
});

describe('the alarm on replication lag', () => {
  it.each([
    { what: 'named after the global cluster', config: aurora({}), cluster: `storefront-${TOKYO}`, limit: 5000 },
    {
      what: 'that the config names',
      config: aurora({ clusters: { [TOKYO]: 'shop-2' }, lossBudgetSeconds: 1 }),
      cluster: 'shop-2',
      limit: 1000,
    },
  ])('holds the cluster $what against the loss budget, in milliseconds', ({ config, cluster, limit }) => {
    expect(metricAlarm('replication-lag', config)).toMatchObject({
      Namespace: 'AWS/RDS',
      MetricName: 'AuroraGlobalDBReplicationLag',
      Dimensions: [{ Name: 'DBClusterIdentifier', Value: cluster }],
      Statistic: 'Maximum',
      Period: 60,
      Threshold: limit,
      TreatMissingData: 'missing',
    });
  });

  it('holds a read replica against it, in seconds', () => {
    const config = testConfig({ data: { adapter: 'rds-replica', instance: 'shop', lossBudgetSeconds: 3 } });
    expect(metricAlarm('replication-lag', config)).toMatchObject({
      Namespace: 'AWS/RDS',
      MetricName: 'ReplicaLag',
      Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'shop' }],
      Threshold: 3,
    });
  });

  it.each([
    { what: 'nothing is promoted', config: testConfig() },
    {
      what: 'the lag is published in the Region that writes',
      config: testConfig({ data: { adapter: 'dynamodb-global', table: 'shop' } }),
    },
    { what: 'a function says the lag', config: testConfig({ data: { adapter: 'custom', function: 'shop-data' } }) },
    { what: 'the budget is nothing, which no replication keeps', config: aurora({ lossBudgetSeconds: 0 }) },
  ])('is none where $what', ({ config }) => {
    expect(inTokyo(config).filter(({ id }) => id === 'replication-lag')).toEqual([]);
  });
});

describe('the alarms on our own work', () => {
  it.each([
    { id: 'start-failed', counter: COUNTERS.startFailed, minutes: 1 },
    { id: 'start-exhausted', counter: COUNTERS.startExhausted, minutes: 1 },
    { id: 'notification-failed', counter: COUNTERS.notificationFailed, minutes: 1 },
    { id: 'coordination-unreachable', counter: COUNTERS.coordinationUnreachable, minutes: 2 },
    { id: 'rounds-failed', counter: COUNTERS.roundFailed, minutes: 2 },
    { id: 'decision-not-kept', counter: COUNTERS.decisionNotKept, minutes: 1 },
  ])('$id counts $counter of the observer, and silence is well', ({ id, counter, minutes }) => {
    expect(metricAlarm(id)).toMatchObject({
      MetricName: counter,
      Dimensions: [
        { Name: 'Application', Value: 'storefront' },
        { Name: 'Region', Value: TOKYO },
        { Name: 'service', Value: 'switchyard-observe-regions' },
      ],
      Statistic: 'Sum',
      Period: 60,
      Threshold: 0,
      EvaluationPeriods: minutes,
      TreatMissingData: 'notBreaching',
    });
  });

  it('tell of observers that are silent for three minutes, as this Region sees them', () => {
    expect(metricAlarm('observers-silent')).toMatchObject({
      MetricName: 'observers.silent',
      Dimensions: [
        { Name: 'Application', Value: 'storefront' },
        { Name: 'Region', Value: TOKYO },
      ],
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
    });
  });

  it('look at the queue of waiting writes only where there is one', () => {
    const queued = resolveConfig(inputFor('queue-based-writes', 2));
    expect(metricAlarm('writes-waiting', queued)).toMatchObject({
      Namespace: 'AWS/SQS',
      Dimensions: [{ Name: 'QueueName', Value: 'switchyard-matrix-h-writes.fifo' }],
      Threshold: 3600,
    });
    expect(inTokyo().filter(({ id }) => id === 'writes-waiting')).toEqual([]);
  });
});
