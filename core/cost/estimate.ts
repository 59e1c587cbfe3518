import { applicationRegions, guardiansOf, observersOf, traitsOf } from '../config/accessors.ts';
import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { FUNCTION_MEMORY_MB } from '../function-sizes.ts';
import { needsComparison } from '../parity/items.ts';
import { switchAlarmsIn } from '../routing/compile/switch-alarms.ts';
import type { CostLine } from './cost-line.ts';
import { billedChecks } from './health-check-cost.ts';
import { lambdaSecond, logsGigabyte, PRICES, type Price, replicatedWrite, strongRead } from './prices.ts';
import {
  accessLogGigabytes,
  alarmMetrics,
  compositeAlarms,
  LOG_BYTES_PER_INVOCATION,
  leaseUnits,
  MINUTES_PER_MONTH,
  observerQuantities,
  publishedBytes,
  publishedMetrics,
  situationUnits,
} from './quantities.ts';

/** What the stacks of a config cost in a month in which nothing happens. */
export function costAtRest(config: ResolvedConfig): readonly CostLine[] {
  if (!traitsOf(config).orchestrated) return healthCheckLines(config);
  const regions = applicationRegions(config);
  return [
    ...healthCheckLines(config),
    ...coordinationLines(config),
    ...regions.flatMap((region) => regionLines(config, region)),
    ...config.vantages.flatMap((region) => vantageLines(config, region)),
  ];
}

function healthCheckLines(config: ResolvedConfig): readonly CostLine[] {
  const checks = billedChecks(config);
  const line = lineOf(config, 'routing');
  const optionsOf = (ofAws: boolean): number =>
    checks.filter((check) => check.ofAws === ofAws).reduce((sum, { options }) => sum + options.length, 0);
  const countOf = (ofAws: boolean): number => checks.filter((check) => check.ofAws === ofAws).length;
  return [
    line('health checks of AWS', countOf(true), PRICES.awsHealthCheck),
    line('options of checks of AWS', optionsOf(true), PRICES.awsHealthCheckOption),
    line('health checks outside AWS', countOf(false), PRICES.otherHealthCheck),
    line('options of checks outside AWS', optionsOf(false), PRICES.otherHealthCheckOption),
  ].filter(({ quantity }) => quantity > 0);
}

/** Every member of the table takes every write; that the witness is billed as a replica is an upper bound. */
function coordinationLines(config: ResolvedConfig): readonly CostLine[] {
  const { replicas = [], witness } = config.coordination ?? {};
  const line = lineOf(config, 'coordination');
  const observers = observersOf(config).map((region) => observerQuantities(config, region));
  const sum = (pick: (each: (typeof observers)[number]) => number): number =>
    observers.reduce((total, each) => total + pick(each), 0);
  const schedules = needsComparison(config) ? 2 : 1;
  const reconciling = config.regions.length * schedules * MINUTES_PER_MONTH * situationUnits(config);
  const [first = ''] = replicas;
  const writes = [...replicas, ...(witness === undefined ? [] : [witness])].flatMap((region) => [
    line(
      `rounds claimed, in ${region}`,
      sum(({ claimUnits }) => claimUnits),
      replicatedWrite(region),
    ),
    line(
      `reports, in ${region}`,
      sum(({ reportUnits }) => reportUnits),
      replicatedWrite(region),
    ),
    line(`write lease of one process, in ${region}`, leaseUnits(), replicatedWrite(region)),
  ]);
  return [
    ...writes,
    line('reads of the situation', sum(({ readUnits }) => readUnits) + reconciling, strongRead(first)),
  ];
}

function regionLines(config: ResolvedConfig, region: string): readonly CostLine[] {
  const stack = `region-${region}`;
  const line = lineOf(config, stack);
  return [
    ...observerLines(config, { region, stack }),
    ...scheduledLines(config, { region, stack, name: 'reconciler', seconds: MINUTES_PER_MONTH * RECONCILER_SECONDS }),
    ...comparerLines(config, { region, stack }),
    line('looks at switches', switchLooks(config, region), PRICES.objectRead),
    ...switchMetricLines(config, { region, stack }),
    line('metrics of alarms', alarmMetrics(config, region), PRICES.alarmMetric),
    line('composite alarms', compositeAlarms(config, region), PRICES.compositeAlarm),
    line('metrics published', publishedMetrics(config), PRICES.metric),
    line('metrics published: logs', publishedBytes(config) / 1e9, logsGigabyte(region)),
    line('key of the topic', 1, PRICES.key),
    ...accessLogLines(config, { region, stack }),
  ];
}

function vantageLines(config: ResolvedConfig, region: string): readonly CostLine[] {
  const place = { region, stack: `vantage-${region}` };
  return [...observerLines(config, place), ...accessLogLines(config, place), ...switchMetricLines(config, place)];
}

/** One invocation of the function that compares, most of which find that nothing is due (assumed: a read, and a comparison now and then). */
const COMPARER_SECONDS = 2;

/** Nothing where nothing is compared; its listings depend on how many objects there are. */
function comparerLines(config: ResolvedConfig, { region, stack }: Place): readonly CostLine[] {
  if (!needsComparison(config)) return [];
  return [
    ...scheduledLines(config, { region, stack, name: 'comparer', seconds: MINUTES_PER_MONTH * COMPARER_SECONDS }),
    lineOf(config, stack)('metric of parity', 1, PRICES.metric),
  ];
}

/** Switches that are metrics: each with an alarm, and put once a minute by the reconciler of the Region that serves. */
function switchMetricLines(config: ResolvedConfig, { region, stack }: Place): readonly CostLine[] {
  const switches = switchAlarmsIn(config, region).length;
  if (switches === 0) return [];
  const line = lineOf(config, stack);
  return [
    line('metrics of switches', switches, PRICES.metric),
    // In an application Region they are among its other alarms.
    ...(applicationRegions(config).includes(region) ? [] : [line('alarms of switches', switches, PRICES.alarmMetric)]),
    line('switches said again', switches * MINUTES_PER_MONTH, PRICES.metricPut),
  ];
}

/** Their delivery is free, their storage is not: ServerLogs in the S3 User Guide. None where the Region is no guardian. */
function accessLogLines(config: ResolvedConfig, { region, stack }: Place): readonly CostLine[] {
  const gigabytes = accessLogGigabytes(config, region);
  return gigabytes === 0 ? [] : [lineOf(config, stack)('access logs of switches', gigabytes, PRICES.objectStorage)];
}

/** One invocation of the reconciler, when there is nothing to do (assumed: a read, and a look at every switch). */
const RECONCILER_SECONDS = 1;

/** The reconciler of the Region that serves looks at every switch, once a minute; which one that is changes. */
function switchLooks(config: ResolvedConfig, region: string): number {
  if (config.evacuation.kind !== 's3' || applicationRegions(config)[0] !== region) return 0;
  const switches = applicationRegions(config).reduce((sum, ward) => sum + guardiansOf(config, ward).length, 0);
  return MINUTES_PER_MONTH * switches;
}

interface Place {
  readonly region: string;
  readonly stack: string;
}

function observerLines(config: ResolvedConfig, place: Place): readonly CostLine[] {
  const { seconds, metricReads } = observerQuantities(config, place.region);
  return [
    ...scheduledLines(config, { ...place, name: 'observer', seconds }),
    lineOf(config, place.stack)('metrics of traffic read', metricReads, PRICES.metricRead),
  ];
}

function scheduledLines(
  config: ResolvedConfig,
  {
    region,
    stack,
    name,
    seconds,
  }: Place & { readonly name: 'observer' | 'reconciler' | 'comparer'; readonly seconds: number },
): readonly CostLine[] {
  const line = lineOf(config, stack);
  return [
    line(`${name}: time`, (seconds * FUNCTION_MEMORY_MB[name]) / 1024, lambdaSecond(region)),
    line(`${name}: requests`, MINUTES_PER_MONTH, PRICES.lambdaRequest),
    line(`${name}: schedule`, MINUTES_PER_MONTH, PRICES.schedule),
    line(`${name}: traces`, MINUTES_PER_MONTH, PRICES.trace),
    line(`${name}: logs`, (MINUTES_PER_MONTH * LOG_BYTES_PER_INVOCATION) / 1e9, logsGigabyte(region)),
  ];
}

function lineOf(config: ResolvedConfig, stack: string): (what: string, quantity: number, price: Price) => CostLine {
  return (what, quantity, price) => ({ stack: names.stack(config, stack), what, quantity, price });
}
