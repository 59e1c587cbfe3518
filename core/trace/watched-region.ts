import { checksOf, observersOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type Assessment, type CheckAssessment, combine } from '../health/assess.ts';
import { lifeMsOf, type ProbeResult } from '../health/check-state.ts';
import { withMeasurement } from '../health/metric-series.ts';
import type { MetricName, Metrics, ObserverReport } from '../health/report.ts';
import { isDue, ROUND_SECONDS, roundAt } from '../health/rounds.ts';
import {
  COORDINATION_SIGNAL,
  type InstanceCount,
  instancesSignal,
  judgeCoordination,
  judgeInstances,
  signalsOf,
} from '../health/signals.ts';
import type { ProbeLine } from './trace-line.ts';
import { type WatchedCheck, watchCheck } from './watched-check.ts';

/** One Region, as all observers see it. */
export interface WatchedRegion {
  readonly subject: string;
  noteProbe(line: Omit<ProbeLine, 't' | 'subject'>, atEpochMs: number): void;
  noteMetric(metric: MetricName, value: number, atEpochMs: number): void;
  noteInstances(service: string, count: InstanceCount, atEpochMs: number): void;
  noteCoordination(reachable: boolean, atEpochMs: number): void;
  /** What is known of it; the same object for as long as nothing that matters has changed but the time. */
  assess(nowEpochMs: number): Assessment;
  /** Has the next assessment take in how often its checks have failed by now, also where that changes no verdict. */
  forget(): void;
  /** What the observers would have reported. */
  reports(): readonly ObserverReport[];
}

/** Results of probes that say no more than that. */
const PROBES: Readonly<Record<ProbeLine['result'], ProbeResult>> = {
  passed: { result: 'passed', reason: '' },
  failed: { result: 'failed', reason: 'failed' },
  error: { result: 'error', reason: 'the probe broke' },
};

/** What a Region last said of itself, for as long as it counts. */
interface Statement {
  readonly signal: WatchedCheck;
  /** How long it counts, ms. */
  readonly lifeMs: number;
  saidAtEpochMs: number;
  result: ProbeResult | undefined;
}

/** A Region of which nothing is known. */
export function watchRegion(config: ResolvedConfig, subject: string): WatchedRegion {
  const observers = observersOf(config);
  const watch = (name: string, counting: WatchedCheck['counting']): WatchedCheck =>
    watchCheck(config, { name, counting, subject, observers: observers.length });
  const checks = checksOf(config).map(({ name, check }) => watch(name, check));
  const signals = signalsOf(config).map(({ name, counting }) => watch(name, counting));
  const watched = [...checks, ...signals];
  const byName = new Map(watched.map((one) => [one.name, one]));
  const positions = new Map(observers.map((observer, position) => [observer, position]));
  const statementOn = (name: string, intervalSeconds: number): readonly Statement[] => {
    const lifeMs = lifeMsOf({ intervalSeconds });
    const signal = byName.get(name);
    return signal === undefined ? [] : [{ signal, lifeMs, saidAtEpochMs: 0, result: undefined }];
  };
  const [onCoordination] = statementOn(COORDINATION_SIGNAL, ROUND_SECONDS);
  const onInstances = new Map(
    checks.flatMap(({ name, counting }) =>
      statementOn(instancesSignal(name), counting.intervalSeconds).map((statement) => [name, statement] as const),
    ),
  );
  const statements = [...(onCoordination === undefined ? [] : [onCoordination]), ...onInstances.values()];
  let metrics: Metrics = {};
  const parts: CheckAssessment[] = [];
  let assessment: Assessment | undefined;

  /** What a Region says of itself is heard by every observer, as often as they read its document. */
  const hear = (nowEpochMs: number): void => {
    for (const { signal, lifeMs, saidAtEpochMs, result } of statements) {
      if (result === undefined || nowEpochMs - saidAtEpochMs > lifeMs) continue;
      if (isDue(signal.counting, roundAt(nowEpochMs))) signal.noteForAll(result, nowEpochMs);
    }
  };

  /** Whether any of them comes out otherwise than before. */
  const judgeAgain = (nowEpochMs: number): boolean => {
    let differs = false;
    watched.forEach((one, position) => {
      const part = one.judge(nowEpochMs);
      differs ||= part !== parts[position];
      parts[position] = part;
    });
    return differs;
  };

  return {
    subject,
    noteProbe: ({ observer, check, result }, atEpochMs) => {
      const probed = byName.get(check);
      const position = positions.get(observer);
      if (probed === undefined || position === undefined) throw new RangeError(`${observer} does not probe ${check}`);
      probed.note(position, PROBES[result], atEpochMs);
    },
    noteMetric: (metric, value, atEpochMs) => {
      metrics = { ...metrics, [metric]: withMeasurement(metrics[metric], { value, atEpochMs }) };
    },
    noteInstances: (service, count, atEpochMs) => {
      say(onInstances.get(service), judgeInstances(config, service, count), atEpochMs);
    },
    noteCoordination: (reachable, atEpochMs) => {
      say(onCoordination, judgeCoordination(reachable), atEpochMs);
    },
    assess: (nowEpochMs) => {
      hear(nowEpochMs);
      if (judgeAgain(nowEpochMs) || assessment === undefined) {
        assessment = combine(config, {
          ...{ subject, nowEpochMs, metrics },
          checks: parts.slice(0, checks.length),
          signals: parts.slice(checks.length),
          // A trace tells nothing of write leases, so no heartbeat is missed.
          ownReportAtEpochMs: undefined,
          writersDueEpochMs: undefined,
        });
      } else if (assessment.metrics !== metrics) assessment = { ...assessment, metrics };
      return assessment;
    },
    forget: () => {
      for (const one of watched) one.forget();
    },
    reports: () =>
      observers.map((observer, position) => ({
        ...{ observer, subject, metrics, round: 0, reportedAtEpochMs: 0 },
        checks: Object.fromEntries(
          [...byName].flatMap(([name, { states }]) => {
            const state = states[position];
            return state === undefined ? [] : [[name, state]];
          }),
        ),
      })),
  };
}

/** A signal that the config does not have is not spoken of. */
function say(statement: Statement | undefined, result: ProbeResult, atEpochMs: number): void {
  if (statement === undefined) return;
  statement.result = result;
  statement.saidAtEpochMs = atEpochMs;
}
