import { checksOf, observersOf, quorumOf } from '../config/accessors.ts';
import { FRONT_DOOR_CHECK } from '../config/checks.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { CheckAssessment } from './check-assessment.ts';
import type { Counting } from './check-state.ts';
import { judgeHeartbeat } from './heartbeat.ts';
import { judgeCheck } from './judge-check.ts';
import { mergeSeries } from './metric-series.ts';
import type { MetricName, Metrics, ObserverReport } from './report.ts';
import { COORDINATION_SIGNAL, signalsOf } from './signals.ts';
import { silentAfterMs } from './silent-observers.ts';

export type { CheckAssessment, Vote } from './check-assessment.ts';

/** What of a config health is judged by. */
export type ObservedConfig = Pick<ResolvedConfig, 'regions' | 'vantages' | 'checks' | 'policy'>;

/** What is known about a Region, and by whose word. */
export interface Assessment {
  readonly subject: string;
  readonly assessedAtEpochMs: number;
  readonly checks: readonly CheckAssessment[];
  /** What a quorum read in the contract health document besides the checks. */
  readonly signals: readonly CheckAssessment[];
  readonly metrics: Metrics;
}

/** What a Region is judged from. */
export interface Sight {
  readonly subject: string;
  readonly reports: readonly ObserverReport[];
  readonly nowEpochMs: number;
  /** Since when the subject's writers would have renewed their lease if they could, epoch ms; for its heartbeat. */
  readonly writersDueEpochMs?: number | undefined;
}

/**
 * Judges a Region from what the observers reported. A check has the status that a quorum of fresh verdicts agrees on,
 * at least one of them from outside the subject; otherwise it is unknown. While a check that it depends on is failed
 * by quorum, a check counts as failed too: what lies behind a dead front door cannot be seen one by one.
 */
export function assess(config: ObservedConfig, { subject, reports, nowEpochMs, writersDueEpochMs }: Sight): Assessment {
  const observers = observersOf(config);
  const relevant = reports.filter((report) => report.subject === subject && observers.includes(report.observer));
  const byObserver = observers.map((observer) => relevant.find((report) => report.observer === observer));
  const judge = (name: string, counting: Counting): CheckAssessment => {
    const states = byObserver.map((report) => report?.checks[name]);
    return judgeCheck(config, { name, counting, subject, states, nowEpochMs });
  };
  return combine(config, {
    subject,
    nowEpochMs,
    checks: checksOf(config).map(({ name, check }) => judge(name, check)),
    signals: signalsOf(config).map(({ name, counting }) => judge(name, counting)),
    metrics: mergedMetrics(relevant),
    ownReportAtEpochMs: byObserver[observers.indexOf(subject)]?.reportedAtEpochMs,
    writersDueEpochMs,
  });
}

/** What a quorum made of each check and signal by itself, and what else is known of the Region. */
export interface Parts
  extends Pick<Assessment, 'subject' | 'checks' | 'signals' | 'metrics'>,
    Pick<Sight, 'nowEpochMs' | 'writersDueEpochMs'> {
  /** When the subject's own observer last reported, epoch ms. */
  readonly ownReportAtEpochMs: number | undefined;
}

/** Puts together what each check says, in the light of those that it depends on and of the heartbeat. */
export function combine(config: ObservedConfig, parts: Parts): Assessment {
  const { subject, nowEpochMs, checks, signals, metrics } = parts;
  const direct = new Map(checks.map((assessment) => [assessment.name, assessment]));
  const heartbeat = {
    ...parts,
    frontDoor: direct.get(FRONT_DOOR_CHECK),
    quorum: quorumOf(config, false),
    silentAfterMs: silentAfterMs(config),
  };
  return {
    subject,
    assessedAtEpochMs: nowEpochMs,
    checks: checks.map((assessment) => overshadow(config, assessment, direct)),
    signals: signals.map((signal) =>
      signal.name === COORDINATION_SIGNAL ? judgeHeartbeat(signal, heartbeat) : signal,
    ),
    metrics,
  };
}

/** The assessment of one check, undefined where the table has none of that name. */
export function findCheck({ checks }: Assessment, name: string): CheckAssessment | undefined {
  return checks.find((check) => check.name === name);
}

/** The critical checks of a Region. */
export function criticalChecks({ checks }: Assessment): readonly CheckAssessment[] {
  return checks.filter((check) => check.class === 'critical');
}

/** Critical checks that are not passed by quorum, failed or unknown. */
export function unwellChecks(assessment: Assessment): readonly CheckAssessment[] {
  return criticalChecks(assessment).filter(({ status }) => status !== 'passed');
}

/** Those checks in words: `order-service failed (queue is full), cache-cluster unknown`; what fails for one reason together. */
export function describeUnwell(assessment: Assessment): string {
  const groups = Map.groupBy(unwellChecks(assessment), ({ status, reason }) =>
    status === 'failed' && reason !== '' ? `failed (${reason})` : status,
  );
  return [...groups].map(([what, checks]) => `${checks.map(({ name }) => name).join(', ')} ${what}`).join('; ');
}

/** True where every critical check is passed by quorum: only such a Region may receive traffic. */
export function isHealthyByQuorum(assessment: Assessment): boolean {
  const critical = criticalChecks(assessment);
  return critical.length > 0 && critical.every(({ status }) => status === 'passed');
}

/** Since when the Region has been healthy by quorum, epoch ms; undefined where it is not. */
export function healthySince(assessment: Assessment): number | undefined {
  if (!isHealthyByQuorum(assessment)) return undefined;
  return Math.max(
    ...criticalChecks(assessment).map(({ sinceEpochMs }) => sinceEpochMs ?? assessment.assessedAtEpochMs),
  );
}

/** The assessment of one signal, undefined where the config has none of that name. */
export function findSignal({ signals }: Assessment, name: string): CheckAssessment | undefined {
  return signals.find((signal) => signal.name === name);
}

/** A check whose dependency is failed by quorum counts as failed, whatever its own probes last said. */
function overshadow(
  config: ObservedConfig,
  assessment: CheckAssessment,
  all: ReadonlyMap<string, CheckAssessment>,
): CheckAssessment {
  const cause = failedDependency(config, assessment.name, all);
  if (cause === undefined || assessment.status === 'failed') return assessment;
  return {
    ...assessment,
    status: 'failed',
    reason: `unreachable: ${cause.name} is failed`,
    consecutiveFailures: cause.consecutiveFailures,
    ...(cause.sinceEpochMs === undefined ? {} : { sinceEpochMs: cause.sinceEpochMs }),
  };
}

function failedDependency(
  config: ObservedConfig,
  name: string,
  all: ReadonlyMap<string, CheckAssessment>,
): CheckAssessment | undefined {
  const check = config.checks[name];
  if (check === undefined || check === false) return undefined;
  for (const dependency of check.dependsOn ?? []) {
    const direct = all.get(dependency);
    if (direct?.status === 'failed') return direct;
    const inherited = failedDependency(config, dependency, all);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}

/** Of each metric what all observers have read of it together: each may have missed a reading that another has. */
function mergedMetrics(reports: readonly ObserverReport[]): Metrics {
  const names = new Set(reports.flatMap(({ metrics }) => Object.keys(metrics) as MetricName[]));
  return Object.fromEntries([...names].map((name) => [name, mergeSeries(reports.map(({ metrics }) => metrics[name]))]));
}
