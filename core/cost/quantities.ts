import { compileAlarms } from '../alarms/compile.ts';
import type { MetricAlarmDefinition } from '../alarms/definition.ts';
import { applicationRegions, checksOf, guardiansOf, observersOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { HEALTH_COUNTS } from '../counters.ts';
import { isMetricCheck } from '../health/metric-question.ts';
import { COVERAGE_SECONDS, isDue, ROUND_SECONDS } from '../health/rounds.ts';
import { signalsOf } from '../health/signals.ts';
import { ACCESS_LOG_DAYS } from '../log-retention.ts';
import { WRITE_LEASE } from '../operation/write-lease.ts';
import { needsComparison } from '../parity/items.ts';
import { switchAlarmsIn } from '../routing/compile/switch-alarms.ts';

/** A month as AWS's own calculator has it: 730 hours. */
export const MONTH_SECONDS = 730 * 3600;
/** Invocations of whatever a schedule starts every minute. */
export const MINUTES_PER_MONTH = MONTH_SECONDS / 60;

/** Sizes of what lies in the coordination table, bytes; upper bounds that a test holds samples to. */
export const ITEM_BYTES = {
  check: 250,
  series: 1_200,
  report: 400,
  state: 2_048,
  decision: 4_096,
  parity: 4_096,
} as const;
/** Series of the traffic that an observer keeps in its report on a Region. */
const METRICS_IN_REPORT = 3;
/** What one invocation leaves in the log, bytes (assumed): the platform's three lines and ours. */
export const LOG_BYTES_PER_INVOCATION = 1_500;
/** A line of metrics in the log: what it has besides them, and for each, bytes; upper bounds that a test holds samples to. */
export const METRIC_LINE_BYTES = 250;
export const METRIC_BYTES = 130;
/** One line of an access log of Amazon S3, bytes (assumed; the samples in the S3 User Guide, LogFormat, have about 500). */
export const ACCESS_LOG_LINE_BYTES = 600;
/** Requests that Route 53's checkers make of one switch in an hour: 16 of them, every 10 s (docs/twin-fidelity-route53.md). */
export const CHECKER_LOOKS_PER_HOUR = 16 * 360;
/** Metrics that one reading of a Region's traffic asks for (adapters/aws/cloudwatch-traffic.ts). */
export const METRICS_PER_READING = 4;

const ROUNDS_PER_DAY = 86_400 / ROUND_SECONDS;
const ROUNDS_PER_MONTH = MONTH_SECONDS / ROUND_SECONDS;
const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

/** What one observer does in a month. */
export interface ObserverQuantities {
  readonly seconds: number;
  /** Conditional writes of the number of a round: every invocation tries each of its rounds, and a refusal costs a write. */
  readonly claimUnits: number;
  readonly reportUnits: number;
  readonly readUnits: number;
  readonly metricReads: number;
}

/** What an observer does in a month; one in an application Region also decides. */
export function observerQuantities(config: ResolvedConfig, region: string): ObserverQuantities {
  const subjects = config.regions.length;
  const { reports, readings, questions } = perRound(config);
  const decides = applicationRegions(config).includes(region);
  return {
    seconds: MINUTES_PER_MONTH * COVERAGE_SECONDS,
    claimUnits: MINUTES_PER_MONTH * (COVERAGE_SECONDS / ROUND_SECONDS),
    reportUnits: ROUNDS_PER_MONTH * reports * subjects * unitsOf(reportBytes(config), WRITE_UNIT_BYTES),
    readUnits: ROUNDS_PER_MONTH * (decides ? 2 : 1) * situationUnits(config),
    metricReads: ROUNDS_PER_MONTH * subjects * (readings * METRICS_PER_READING + questions),
  };
}

/** Read units of the whole present: state, decision, every observer's word on every Region, what was compared. */
export function situationUnits(config: ResolvedConfig): number {
  const reports = observersOf(config).length * config.regions.length * reportBytes(config);
  const compared = needsComparison(config) ? config.regions.length * ITEM_BYTES.parity : 0;
  return unitsOf(reports + compared + ITEM_BYTES.state + ITEM_BYTES.decision, READ_UNIT_BYTES);
}

/** Write units of a writer that renews its lease, in a month, for one process of the application. */
export function leaseUnits(): number {
  const renewals = (MONTH_SECONDS * 1000) / WRITE_LEASE.renewEveryMs;
  return renewals * unitsOf(ITEM_BYTES.state, WRITE_UNIT_BYTES);
}

/** Metrics that the alarms of an application Region watch, those of switches that it guards among them; an alarm on an expression pays for each of its metrics. */
export function alarmMetrics(config: ResolvedConfig, region: string): number {
  return compileAlarms(config, region).reduce(
    (sum, alarm) => sum + (alarm.kind === 'metric' ? metricsOf(alarm.definition) : 0),
    switchAlarmsIn(config, region).length,
  );
}

/** Alarms of an application Region on the states of others. */
export function compositeAlarms(config: ResolvedConfig, region: string): number {
  return compileAlarms(config, region).filter(({ kind }) => kind === 'composite').length;
}

/**
 * Metrics that the observer of an application Region publishes all the time: the verdict on every check of every other Region,
 * their counts, and the silent observers. What it counts of its own failures costs only in the hours in which there are some.
 */
export function publishedMetrics(config: ResolvedConfig): number {
  const counts = Object.keys(HEALTH_COUNTS).length;
  return (config.regions.length - 1) * (checksOf(config).length + counts) + 1;
}

/** Bytes that those leave in the log in a month. */
export function publishedBytes(config: ResolvedConfig): number {
  const lines = config.regions.length;
  return MINUTES_PER_MONTH * (publishedMetrics(config) * METRIC_BYTES + lines * METRIC_LINE_BYTES);
}

/** GB of access logs that lie in a guardian Region: of every look at each switch there, refused or not. */
export function accessLogGigabytes(config: ResolvedConfig, guardian: string): number {
  if (config.evacuation.kind !== 's3') return 0;
  const switches = applicationRegions(config).filter((ward) => guardiansOf(config, ward).includes(guardian)).length;
  return (switches * CHECKER_LOOKS_PER_HOUR * 24 * ACCESS_LOG_DAYS * ACCESS_LOG_LINE_BYTES) / 1e9;
}

function metricsOf(definition: MetricAlarmDefinition): number {
  return 'Metrics' in definition ? definition.Metrics.filter((query) => 'MetricStat' in query).length : 1;
}

/**
 * Reports of a subject and readings of its traffic in a round, on average: one for each timeout that is due; and the
 * other metrics that checks ask for, one each.
 */
function perRound(config: ResolvedConfig): {
  readonly reports: number;
  readonly readings: number;
  readonly questions: number;
} {
  let reports = 0;
  let readings = 0;
  let questions = 0;
  const rounds = roundsUntilRepeated(config);
  for (let round = 0; round < rounds; round++) {
    const due = checksOf(config).filter(({ check }) => isDue(check, round));
    const metrics = due.filter(({ check }) => check.kind === 'metric');
    reports += new Set(due.map(({ check }) => check.timeoutSeconds)).size;
    readings += new Set(metrics.map(({ check }) => check.timeoutSeconds)).size;
    questions += due.filter(({ check }) => isMetricCheck(check)).length;
  }
  return { reports: reports / rounds, readings: readings / rounds, questions: questions / rounds };
}

/** After how many rounds every check is due again in the same round as all others; a day of them where that is longer. */
function roundsUntilRepeated(config: ResolvedConfig): number {
  return checksOf(config).reduce((rounds, { check }) => {
    const every = check.intervalSeconds / ROUND_SECONDS;
    return Math.min(ROUNDS_PER_DAY, (rounds * every) / greatestDivisor(rounds, every));
  }, 1);
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

function reportBytes(config: ResolvedConfig): number {
  const entries = checksOf(config).length + signalsOf(config).length;
  return ITEM_BYTES.report + ITEM_BYTES.check * entries + ITEM_BYTES.series * METRICS_IN_REPORT;
}

function unitsOf(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit);
}
