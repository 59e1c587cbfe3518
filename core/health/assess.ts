import { checksOf, type NamedCheck, observersOf, quorumOf } from '../config/accessors.ts';
import type { CheckClass } from '../config/checks.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type CheckState, type HealthStatus, isFresh } from './check-state.ts';
import type { Measurement, MetricName, ObserverReport } from './report.ts';

type ObservedConfig = Pick<ResolvedConfig, 'regions' | 'vantages' | 'checks'>;

/** One observer's word on one check, as it counted. */
export interface Vote {
  readonly observer: string;
  /** `silent` where there is no fresh answer. */
  readonly says: HealthStatus | 'silent';
  readonly consecutiveFailures: number;
  readonly reason: string;
}

/** What a quorum agrees on about one check of one Region. */
export interface CheckAssessment {
  readonly name: string;
  readonly class: CheckClass;
  readonly status: HealthStatus;
  readonly reason: string;
  /** Consecutive failures that a quorum has seen; 0 where none says failed. */
  readonly consecutiveFailures: number;
  /** Since when the status stands by the word of the last voter that it needed, epoch ms; undefined while unknown. */
  readonly sinceEpochMs?: number;
  readonly votes: readonly Vote[];
}

/** What is known about a Region, and by whose word. */
export interface Assessment {
  readonly subject: string;
  readonly assessedAtEpochMs: number;
  readonly checks: readonly CheckAssessment[];
  readonly metrics: Readonly<Partial<Record<MetricName, Measurement>>>;
}

/**
 * Judges a Region from what the observers reported. A check has the status that a quorum of fresh verdicts agrees on,
 * at least one of them from outside the subject; otherwise it is unknown. While a check that it depends on is failed
 * by quorum, a check counts as failed too: what lies behind a dead front door cannot be seen one by one.
 */
export function assess(
  config: ObservedConfig,
  { subject, reports, nowEpochMs }: { subject: string; reports: readonly ObserverReport[]; nowEpochMs: number },
): Assessment {
  const relevant = reports.filter(
    (report) => report.subject === subject && observersOf(config).includes(report.observer),
  );
  const own = checksOf(config).map((named) => judge(config, { named, subject, reports: relevant, nowEpochMs }));
  const direct = new Map(own.map((assessment) => [assessment.name, assessment]));
  return {
    subject,
    assessedAtEpochMs: nowEpochMs,
    checks: own.map((assessment) => overshadow(config, assessment, direct)),
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

interface Judging {
  readonly named: NamedCheck;
  readonly subject: string;
  readonly reports: readonly ObserverReport[];
  readonly nowEpochMs: number;
}

function judge(config: ObservedConfig, { named, subject, reports, nowEpochMs }: Judging): CheckAssessment {
  const { name, check } = named;
  const states = new Map(reports.map(({ observer, checks }) => [observer, checks[name]]));
  const fresh = (state: CheckState | undefined): state is CheckState =>
    state !== undefined && isFresh(check, state, nowEpochMs);
  const votes = observersOf(config).map((observer): Vote => {
    const state = states.get(observer);
    if (!fresh(state)) return { observer, says: 'silent', consecutiveFailures: 0, reason: 'no fresh verdict' };
    return { observer, says: state.status, consecutiveFailures: state.consecutiveFailures, reason: state.reason };
  });
  const quorum = quorumOf(
    config,
    votes.some((vote) => speaks(vote, subject)),
  );
  const status = agreedStatus(votes, { quorum, subject });
  const agreeing = votes.filter(({ says }) => says === status);
  return {
    name,
    class: check.class,
    status,
    reason: reasonFor(status, { votes, quorum }),
    consecutiveFailures: status === 'failed' ? failuresSeen(agreeing, quorum) : 0,
    ...(status === 'unknown' ? {} : { sinceEpochMs: sinceWhen(agreeing, { states, quorum }) }),
    votes,
  };
}

function speaks({ observer, says }: Vote, subject: string): boolean {
  return observer === subject && says !== 'silent';
}

function agreedStatus(votes: readonly Vote[], { quorum, subject }: { quorum: number; subject: string }): HealthStatus {
  const agreed = (['passed', 'failed'] as const).filter((status) => {
    const agreeing = votes.filter(({ says }) => says === status);
    return agreeing.length >= quorum && agreeing.some(({ observer }) => observer !== subject);
  });
  return agreed.length === 1 && agreed[0] !== undefined ? agreed[0] : 'unknown';
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
function failuresSeen(agreeing: readonly Vote[], quorum: number): number {
  const counts = agreeing.map(({ consecutiveFailures }) => consecutiveFailures).toSorted((a, b) => b - a);
  return counts[quorum - 1] ?? 0;
}

/** The quorum stood from the moment its last needed voter joined. */
function sinceWhen(
  agreeing: readonly Vote[],
  { states, quorum }: { states: ReadonlyMap<string, CheckState | undefined>; quorum: number },
): number {
  const moments = agreeing.map(({ observer }) => states.get(observer)?.sinceEpochMs ?? 0).toSorted((a, b) => a - b);
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

function newestMetrics(reports: readonly ObserverReport[]): Readonly<Partial<Record<MetricName, Measurement>>> {
  const newest: Partial<Record<MetricName, Measurement>> = {};
  for (const { metrics } of reports) {
    for (const [name, measurement] of Object.entries(metrics) as [MetricName, Measurement][]) {
      if ((newest[name]?.atEpochMs ?? -1) < measurement.atEpochMs) newest[name] = measurement;
    }
  }
  return newest;
}
