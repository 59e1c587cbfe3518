import { OPERATION_FAILURES, OTHER_OPERATION_ALARMS, TRAFFIC_ALARMS } from '../alarms.ts';
import { applicationRegions, checksOf, observersOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { COVERAGE_SECONDS, isDue, ROUND_SECONDS } from '../health/rounds.ts';
import { WRITE_LEASE } from '../operation/write-lease.ts';

/** A month as AWS's own calculator has it: 730 hours. */
export const MONTH_SECONDS = 730 * 3600;
/** Invocations of whatever a schedule starts every minute. */
export const MINUTES_PER_MONTH = MONTH_SECONDS / 60;

/** Sizes of what lies in the coordination table, bytes; upper bounds that a test holds samples to. */
export const ITEM_BYTES = { check: 250, report: 400, state: 2_048, decision: 4_096 } as const;
/** What one invocation leaves in the log, bytes (assumed): the platform's three lines and ours. */
export const LOG_BYTES_PER_INVOCATION = 1_500;
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
  const { reports, readings } = perRound(config);
  const decides = applicationRegions(config).includes(region);
  return {
    seconds: MINUTES_PER_MONTH * COVERAGE_SECONDS,
    claimUnits: MINUTES_PER_MONTH * (COVERAGE_SECONDS / ROUND_SECONDS),
    reportUnits: ROUNDS_PER_MONTH * reports * subjects * unitsOf(reportBytes(config), WRITE_UNIT_BYTES),
    readUnits: ROUNDS_PER_MONTH * (decides ? 2 : 1) * situationUnits(config),
    metricReads: ROUNDS_PER_MONTH * readings * subjects * METRICS_PER_READING,
  };
}

/** Read units of the whole present: state, decision, every observer's word on every Region. */
export function situationUnits(config: ResolvedConfig): number {
  const reports = observersOf(config).length * config.regions.length * reportBytes(config);
  return unitsOf(reports + ITEM_BYTES.state + ITEM_BYTES.decision, READ_UNIT_BYTES);
}

/** Write units of a writer that renews its lease, in a month, for one process of the application. */
export function leaseUnits(): number {
  const renewals = (MONTH_SECONDS * 1000) / WRITE_LEASE.renewEveryMs;
  return renewals * unitsOf(ITEM_BYTES.state, WRITE_UNIT_BYTES);
}

/** Metrics that the alarms of an application Region watch; an alarm on an expression pays for each of its metrics. */
export function alarmMetrics(config: ResolvedConfig): number {
  return (
    OPERATION_FAILURES.length +
    OTHER_OPERATION_ALARMS +
    trafficAlarms(config).reduce((sum, metric) => sum + TRAFFIC_ALARMS[metric].over.length, 0)
  );
}

/** Alarms of an application Region. */
export function alarmCount(config: ResolvedConfig): number {
  return OPERATION_FAILURES.length + OTHER_OPERATION_ALARMS + trafficAlarms(config).length;
}

function trafficAlarms(config: ResolvedConfig): readonly (keyof typeof TRAFFIC_ALARMS)[] {
  return checksOf(config).flatMap(({ check }) => (check.kind === 'metric' ? [check.metric] : []));
}

/** Reports of a subject and readings of its traffic in a round, on average: one for each timeout that is due. */
function perRound(config: ResolvedConfig): { readonly reports: number; readonly readings: number } {
  let reports = 0;
  let readings = 0;
  for (let round = 0; round < ROUNDS_PER_DAY; round++) {
    const due = checksOf(config).filter(({ check }) => isDue(check, round));
    const metrics = due.filter(({ check }) => check.kind === 'metric');
    reports += new Set(due.map(({ check }) => check.timeoutSeconds)).size;
    readings += new Set(metrics.map(({ check }) => check.timeoutSeconds)).size;
  }
  return { reports: reports / ROUNDS_PER_DAY, readings: readings / ROUNDS_PER_DAY };
}

function reportBytes(config: ResolvedConfig): number {
  return ITEM_BYTES.report + ITEM_BYTES.check * checksOf(config).length;
}

function unitsOf(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit);
}
