import { checksOf, observersOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type Assessment, type CheckAssessment, combine } from '../health/assess.ts';
import { FRESH_INTERVALS, type ProbeResult } from '../health/check-state.ts';
import { type MetricSeries, withMeasurement } from '../health/metric-series.ts';
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
import { type WatchedCheck, watchCheck } from './watched-check.ts';

/** One Region, as all observers see it. */
export interface WatchedRegion {
  readonly subject: string;
  noteProbe(observer: string, check: string, probe: ProbeResult & { readonly atEpochMs: number }): void;
  noteMetric(metric: MetricName, value: number, atEpochMs: number): void;
  noteInstances(service: string, count: InstanceCount, atEpochMs: number): void;
  noteCoordination(reachable: boolean, atEpochMs: number): void;
  /** What is known of it; the same object for as long as nothing that matters has changed but the time. */
  assess(nowEpochMs: number): Assessment;
  /** Has the next assessment take in every figure, also those that change no verdict. */
  forget(): void;
  /** What the observers would have reported. */
  reports(): readonly ObserverReport[];
}

/** What a Region said of itself, for as long as it counts. */
interface Statement {
  readonly signal: WatchedCheck;
  readonly untilEpochMs: number;
  readonly result: ProbeResult;
}

/** A Region of which nothing is known. */
export function watchRegion(config: ResolvedConfig, subject: string): WatchedRegion {
  const observers = observersOf(config);
  const watch = (name: string, counting: WatchedCheck['counting']): WatchedCheck =>
    watchCheck(config, { name, counting, subject, observers: observers.length });
  const checks = checksOf(config).map(({ name, check }) => watch(name, check));
  const signals = signalsOf(config).map(({ name, counting }) => watch(name, counting));
  const byName = new Map([...checks, ...signals].map((watched) => [watched.name, watched]));
  const positions = new Map(observers.map((observer, position) => [observer, position]));
  const statements = new Map<string, Statement>();
  let metrics: Metrics = {};
  let parts: readonly CheckAssessment[] = [];
  let assessment: Assessment | undefined;

  const say = (name: string, result: ProbeResult, untilEpochMs: number): void => {
    const signal = byName.get(name);
    if (signal !== undefined) statements.set(name, { signal, untilEpochMs, result });
  };

  /** What a Region says of itself is heard by every observer, as often as they read its document. */
  const hear = (nowEpochMs: number): void => {
    for (const [name, { signal, untilEpochMs, result }] of statements) {
      if (!isDue(signal.counting, roundAt(nowEpochMs))) continue;
      if (nowEpochMs > untilEpochMs) statements.delete(name);
      else signal.noteForAll({ result: result.result, reason: result.reason, atEpochMs: nowEpochMs });
    }
  };

  return {
    subject,
    noteProbe: (observer, check, probe) => {
      const watched = byName.get(check);
      const position = positions.get(observer);
      if (watched === undefined || position === undefined) throw new RangeError(`${observer} does not probe ${check}`);
      watched.note(position, probe);
    },
    noteMetric: (metric, value, atEpochMs) => {
      const series: MetricSeries = withMeasurement(metrics[metric], { value, atEpochMs });
      metrics = { ...metrics, [metric]: series };
      assessment = undefined;
    },
    noteInstances: (service, count, atEpochMs) => {
      const intervalMs = (byName.get(service)?.counting.intervalSeconds ?? 0) * 1000;
      say(instancesSignal(service), judgeInstances(config, service, count), atEpochMs + FRESH_INTERVALS * intervalMs);
    },
    noteCoordination: (reachable, atEpochMs) => {
      const untilEpochMs = atEpochMs + FRESH_INTERVALS * ROUND_SECONDS * 1000;
      say(COORDINATION_SIGNAL, judgeCoordination(reachable), untilEpochMs);
    },
    assess: (nowEpochMs) => {
      hear(nowEpochMs);
      let isSame = assessment !== undefined;
      const judged = [...checks, ...signals].map((watched, position) => {
        const part = watched.judge(nowEpochMs);
        isSame &&= part === parts[position];
        return part;
      });
      if (assessment !== undefined && isSame) return assessment;
      parts = judged;
      assessment = combine(config, {
        ...{ subject, nowEpochMs, metrics },
        checks: judged.slice(0, checks.length),
        signals: judged.slice(checks.length),
        // A trace tells nothing of write leases, so no heartbeat is missed.
        ownReportAtEpochMs: undefined,
        writersDueEpochMs: undefined,
      });
      return assessment;
    },
    forget: () => {
      for (const watched of byName.values()) watched.forget();
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
