import { checksOf, observersOf, quorumOf } from '../config/accessors.ts';
import { FRONT_DOOR_CHECK } from '../config/checks.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { CheckAssessment, Vote } from './check-assessment.ts';
import { type CheckState, type Counting, type HealthStatus, isFresh } from './check-state.ts';
import { judgeHeartbeat } from './heartbeat.ts';
import type { MetricSeries } from './metric-series.ts';
import type { MetricName, Metrics, ObserverReport } from './report.ts';
import { COORDINATION_SIGNAL, signalsOf } from './signals.ts';

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
  const judging = { observers, subject, byObserver, nowEpochMs };
  const own = checksOf(config).map(({ name, check }) => judge(config, { ...judging, name, counting: check }));
  const direct = new Map(own.map((assessment) => [assessment.name, assessment]));
  const checks = own.map((assessment) => overshadow(config, assessment, direct));
  const signals = signalsOf(config).map(({ name, counting }) => judge(config, { ...judging, name, counting }));
  const heartbeat = {
    ...{ subject, reports: relevant, nowEpochMs, writersDueEpochMs },
    frontDoor: direct.get(FRONT_DOOR_CHECK),
    quorum: quorumOf(config, false),
  };
  return {
    subject,
    assessedAtEpochMs: nowEpochMs,
    checks,
    signals: signals.map((signal) =>
      signal.name === COORDINATION_SIGNAL ? judgeHeartbeat(signal, heartbeat) : signal,
    ),
    metrics: newestMetrics(relevant),
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

/** Those checks in words: `order-service failed, cache-cluster unknown`. */
export function describeUnwell(assessment: Assessment): string {
  return unwellChecks(assessment)
    .map(({ name, status }) => `${name} ${status}`)
    .join(', ');
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

interface Judging {
  readonly name: string;
  readonly counting: Counting;
  readonly observers: readonly string[];
  readonly subject: string;
  /** About the subject, in the order of the observers. */
  readonly byObserver: readonly (ObserverReport | undefined)[];
  readonly nowEpochMs: number;
}

function judge(
  config: ObservedConfig,
  { name, counting, observers, subject, byObserver, nowEpochMs }: Judging,
): CheckAssessment {
  const states = byObserver.map((report) => {
    const state = report?.checks[name];
    return state !== undefined && isFresh(counting, state, nowEpochMs) ? state : undefined;
  });
  const votes = observers.map((observer, index) => voteOf(observer, states[index]));
  const quorum = quorumOf(config, states[observers.indexOf(subject)] !== undefined);
  const status = agreedStatus(votes, { quorum, subject });
  const agreeing = states.filter((state): state is CheckState => state?.status === status);
  return {
    name,
    class: counting.class,
    status,
    reason: reasonFor(status, { votes, quorum }),
    consecutiveFailures: status === 'failed' ? failuresSeen(agreeing, quorum) : 0,
    ...(status === 'unknown' ? {} : { sinceEpochMs: sinceWhen(agreeing, quorum) }),
    votes,
  };
}

function voteOf(observer: string, state: CheckState | undefined): Vote {
  if (state === undefined) return { observer, says: 'silent', consecutiveFailures: 0, reason: 'no fresh verdict' };
  return { observer, says: state.status, consecutiveFailures: state.consecutiveFailures, reason: state.reason };
}

function agreedStatus(votes: readonly Vote[], { quorum, subject }: { quorum: number; subject: string }): HealthStatus {
  const agreed = (status: HealthStatus): boolean => {
    const agreeing = votes.filter(({ says }) => says === status);
    return agreeing.length >= quorum && agreeing.some(({ observer }) => observer !== subject);
  };
  const failed = agreed('failed');
  return agreed('passed') === failed ? 'unknown' : failed ? 'failed' : 'passed';
}

function reasonFor(status: HealthStatus, { votes, quorum }: { votes: readonly Vote[]; quorum: number }): string {
  if (status === 'passed') return '';
  if (status === 'failed') {
    return [...new Set(votes.filter(({ says }) => says === 'failed').map(({ reason }) => reason))].join('; ');
  }
  const count = (says: Vote['says']): number => votes.filter((vote) => vote.says === says).length;
  return `no quorum of ${quorum}: ${count('passed')} passed, ${count('failed')} failed, ${count('unknown')} unknown, ${count('silent')} silent`;
}

/** The count of the last voter that a quorum needs: one who has seen fewer takes nothing away from those who saw more. */
function failuresSeen(agreeing: readonly CheckState[], quorum: number): number {
  const counts = agreeing.map(({ consecutiveFailures }) => consecutiveFailures).toSorted((a, b) => b - a);
  return counts[quorum - 1] ?? 0;
}

/** The quorum stood from the moment its last needed voter joined. */
function sinceWhen(agreeing: readonly CheckState[], quorum: number): number {
  const moments = agreeing.map(({ sinceEpochMs }) => sinceEpochMs).toSorted((a, b) => a - b);
  return moments[quorum - 1] ?? moments.at(-1) ?? 0;
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

/** Of each metric the series that reaches furthest: all observers read the same source. */
function newestMetrics(reports: readonly ObserverReport[]): Metrics {
  const newest: Partial<Record<MetricName, MetricSeries>> = {};
  for (const { metrics } of reports) {
    for (const [name, series] of Object.entries(metrics) as [MetricName, MetricSeries][]) {
      if ((newest[name]?.at(-1)?.atEpochMs ?? -1) < (series.at(-1)?.atEpochMs ?? -1)) newest[name] = series;
    }
  }
  return newest;
}
