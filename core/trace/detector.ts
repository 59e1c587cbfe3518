import { applicationRegions, checksOf, homeRegion, observersOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { decide, hasChanged } from '../decision/decide.ts';
import type { Decision } from '../decision/outcome.ts';
import type { Situation } from '../decision/situation.ts';
import { type Assessment, assess } from '../health/assess.ts';
import {
  applyProbe,
  type CheckState,
  type Counting,
  FRESH_INTERVALS,
  isFresh,
  type ProbeResult,
} from '../health/check-state.ts';
import { measurementLifeMs, withMeasurement } from '../health/metric-series.ts';
import type { Metrics, ObserverReport } from '../health/report.ts';
import { isDue, ROUND_SECONDS, roundAt } from '../health/rounds.ts';
import {
  COORDINATION_SIGNAL,
  instancesSignal,
  judgeCoordination,
  judgeInstances,
  signalsOf,
} from '../health/signals.ts';
import { initialState } from '../operation/application-state.ts';
import type { CoordinationLine, InstancesLine, MetricLine, ProbeLine, TraceLine } from './trace-line.ts';

/** Judges what observers saw as the deployed decision step would, without the table between them. */
export interface Detector {
  /** Takes a line in; lines come in the order of their time. */
  take(line: TraceLine): void;
  /** The verdict at a moment that is a multiple of ten seconds, later than the one before. Nothing is executed. */
  decideAt(seconds: number): Decision;
  /** What the coordination table would hold. */
  situation(): Situation;
}

/** Words of a probe that says no more than its result. */
const REASONS = { passed: '', failed: 'failed', error: 'the probe broke' } as const;

/** What one observer knows about one subject; changed in place, since a night holds hundreds of thousands of probes. */
interface Notes {
  readonly observer: string;
  readonly subject: string;
  readonly checks: Record<string, Renewable>;
  reportedAtEpochMs: number;
}

/** Written once more in the place of a new one where only its count and its time differ. */
type Renewable = { -readonly [Field in keyof CheckState]: CheckState[Field] };

/** What a Region said of itself, for as long as it counts. */
interface Statement {
  readonly atEpochMs: number;
  readonly lifeMs: number;
  readonly result: ProbeResult;
}

/** What is known about a Region, and for how long that stays so if nothing else is learned. */
interface Sighting {
  /** By observer. */
  readonly notes: ReadonlyMap<string, Notes>;
  readonly statements: Map<string, Statement>;
  metrics: Metrics;
  assessment: Assessment | undefined;
  expiresAtEpochMs: number;
}

/** A result of a probe, and what it counts for. */
interface Probed extends ProbeResult {
  readonly name: string;
  readonly counting: Counting;
  readonly atEpochMs: number;
}

/**
 * A detector that knows nothing yet, on an application that has never moved.
 *
 * A Region is assessed anew only where a probe could have changed what a quorum agrees on, and a verdict is drawn anew only
 * where something it rests on has: in between both stand, as the functions that draw them are pure.
 */
export function createDetector(config: ResolvedConfig): Detector {
  const state = initialState(config);
  const active = homeRegion(config).id;
  const subjects = applicationRegions(config);
  const others = subjects.filter((subject) => subject !== active);
  const checks = new Map(checksOf(config).map(({ name, check }) => [name, check]));
  const signals = signalsOf(config);
  const countings = new Map<string, Counting>([
    ...checks,
    ...signals.map(({ name, counting }) => [name, counting] as const),
  ]);
  const metricLifeMs = measurementLifeMs(config);
  const sightings = new Map(subjects.map((subject) => [subject, createSighting(observersOf(config), subject)]));
  let previous: Decision | undefined;
  let latest: Decision | undefined;
  let standsUntilEpochMs = 0;

  const sightingOf = (subject: string): Sighting => {
    const sighting = sightings.get(subject);
    if (sighting === undefined) throw new RangeError(`${subject} is no application Region`);
    return sighting;
  };

  const note = (sighting: Sighting, notes: Notes, probed: Probed): void => {
    const { name, counting, atEpochMs } = probed;
    const before = notes.checks[name];
    notes.reportedAtEpochMs = atEpochMs;
    if (before !== undefined && isOnePassMore(before, probed)) {
      before.consecutivePasses++;
      before.answeredAtEpochMs = atEpochMs;
      return;
    }
    const after = applyProbe(counting, before, probed);
    notes.checks[name] = after;
    if (before === undefined || isNews(before, after, probed)) sighting.assessment = undefined;
  };

  /** Whether an observer's word may lead to another verdict than before: it changed, had expired, or has failed often enough. */
  const isNews = (before: CheckState, after: CheckState, { counting, atEpochMs }: Probed): boolean =>
    before.status !== after.status ||
    (after.status === 'failed' && before.consecutiveFailures < config.policy.writerFailures) ||
    !isFresh(counting, before, atEpochMs);

  const takeProbe = ({ t, observer, subject, check: name, result }: ProbeLine): void => {
    const counting = checks.get(name);
    const sighting = sightingOf(subject);
    const notes = sighting.notes.get(observer);
    if (counting === undefined || notes === undefined) throw new RangeError(`${observer} does not probe ${name}`);
    note(sighting, notes, { name, counting, result, reason: REASONS[result], atEpochMs: toMs(t) });
  };

  const takeMetric = ({ t, subject, metric, value }: MetricLine): void => {
    const sighting = sightingOf(subject);
    const series = withMeasurement(sighting.metrics[metric], { value, atEpochMs: toMs(t) });
    sighting.metrics = { ...sighting.metrics, [metric]: series };
    if (subject === active) latest = undefined;
  };

  const takeStatement = (subject: string, name: string, statement: Statement): void => {
    if (countings.has(name)) sightingOf(subject).statements.set(name, statement);
  };

  const takeInstances = (line: InstancesLine): void => {
    const { t, subject, service } = line;
    const lifeMs = FRESH_INTERVALS * (checks.get(service)?.intervalSeconds ?? 0) * 1000;
    const result = judgeInstances(config, service, line);
    takeStatement(subject, instancesSignal(service), { atEpochMs: toMs(t), lifeMs, result });
  };

  const takeCoordination = ({ t, subject, coordinationReachable }: CoordinationLine): void => {
    const lifeMs = FRESH_INTERVALS * ROUND_SECONDS * 1000;
    const result = judgeCoordination(coordinationReachable);
    takeStatement(subject, COORDINATION_SIGNAL, { atEpochMs: toMs(t), lifeMs, result });
  };

  /** What a Region says of itself is heard by every observer, as often as they read its document. */
  const hearStatements = (nowEpochMs: number): void => {
    const round = roundAt(nowEpochMs);
    for (const sighting of sightings.values()) {
      for (const [name, { atEpochMs, lifeMs, result }] of sighting.statements) {
        const counting = countings.get(name);
        if (counting === undefined || !isDue(counting, round)) continue;
        if (nowEpochMs - atEpochMs > lifeMs) sighting.statements.delete(name);
        else noteForAll(sighting, { name, counting, ...result, atEpochMs: nowEpochMs });
      }
    }
  };

  /** All of them have heard the same so far, so one state serves them all. */
  const noteForAll = (sighting: Sighting, probed: Probed): void => {
    let first: CheckState | undefined;
    for (const notes of sighting.notes.values()) {
      if (first === undefined) note(sighting, notes, probed);
      else notes.checks[probed.name] = first;
      first = notes.checks[probed.name];
      notes.reportedAtEpochMs = probed.atEpochMs;
    }
  };

  const assessmentOf = (subject: string, nowEpochMs: number): Assessment => {
    const sighting = sightingOf(subject);
    if (sighting.assessment !== undefined && nowEpochMs > sighting.expiresAtEpochMs) {
      sighting.expiresAtEpochMs = soonestExpiry(sighting, countings, sighting.assessment.assessedAtEpochMs);
      if (nowEpochMs > sighting.expiresAtEpochMs) sighting.assessment = undefined;
    }
    if (sighting.assessment === undefined) {
      latest = undefined;
      sighting.assessment = assess(config, { subject, reports: reportsOf(sighting), nowEpochMs });
      sighting.expiresAtEpochMs = soonestExpiry(sighting, countings, nowEpochMs);
    }
    return sighting.assessment;
  };

  const draw = (assessments: readonly Assessment[], nowEpochMs: number): Decision => {
    const [assessment, ...rest] = assessments.map((one) => asOf(one, sightingOf(one.subject), nowEpochMs));
    if (assessment === undefined) throw new RangeError('a resolved config has an application Region');
    const decision = decide({ config, assessment, others: rest, state, previous, nowEpochMs });
    standsUntilEpochMs = standsUntil(decision, assessment, nowEpochMs);
    return decision;
  };

  /** Until when a verdict stands if nothing is learned: errors that last, and numbers that grow old, change it by themselves. */
  const standsUntil = ({ raisedAtEpochMs }: Decision, { metrics }: Assessment, nowEpochMs: number): number => {
    const errors = metrics['error-rate']?.at(-1)?.value ?? 0;
    if (raisedAtEpochMs.length > 0 || 100 * errors > config.policy.errorPercent) return nowEpochMs;
    const ends = Object.values(metrics).map((series) => (series.at(-1)?.atEpochMs ?? 0) + metricLifeMs);
    return Math.min(...ends.filter((end) => end >= nowEpochMs));
  };

  return {
    take: (line) => {
      if ('check' in line) takeProbe(line);
      else if ('metric' in line) takeMetric(line);
      else if ('service' in line) takeInstances(line);
      else if ('coordinationReachable' in line) takeCoordination(line);
    },
    decideAt: (seconds) => {
      const nowEpochMs = toMs(seconds);
      hearStatements(nowEpochMs);
      const assessed = [active, ...others].map((subject) => assessmentOf(subject, nowEpochMs));
      if (latest !== undefined && nowEpochMs <= standsUntilEpochMs) return latest;
      latest = draw(assessed, nowEpochMs);
      if (hasChanged(previous, latest)) {
        // With the figures of this very moment, which until now did not matter.
        for (const sighting of sightings.values()) sighting.assessment = undefined;
        latest = draw(
          [active, ...others].map((subject) => assessmentOf(subject, nowEpochMs)),
          nowEpochMs,
        );
        previous = latest;
      }
      return latest;
    },
    situation: () => ({ state, reports: [...sightings.values()].flatMap(reportsOf), decision: previous }),
  };
}

function createSighting(observers: readonly string[], subject: string): Sighting {
  const notes = observers.map(
    (observer) => [observer, { observer, subject, checks: {}, reportedAtEpochMs: 0 }] as const,
  );
  return { notes: new Map(notes), statements: new Map(), metrics: {}, assessment: undefined, expiresAtEpochMs: 0 };
}

/**
 * Whether a probe is one pass more where all is well. Most probes of a night are, and all that one changes is its count and
 * its time: `applyProbe` would give the same.
 */
function isOnePassMore(before: CheckState, { result, counting, atEpochMs }: Probed): boolean {
  return (
    result === 'passed' &&
    before.status === 'passed' &&
    before.consecutiveFailures === 0 &&
    isFresh(counting, before, atEpochMs)
  );
}

/** When the first of the words that counted at a moment will have expired, as they stand now. */
function soonestExpiry(
  { notes }: Sighting,
  countings: ReadonlyMap<string, Counting>,
  countedAtEpochMs: number,
): number {
  let soonest = Number.POSITIVE_INFINITY;
  for (const { checks } of notes.values()) {
    for (const [name, { intervalSeconds }] of countings) {
      const state = checks[name];
      if (state === undefined) continue;
      const expiry = state.answeredAtEpochMs + FRESH_INTERVALS * intervalSeconds * 1000;
      if (expiry >= countedAtEpochMs && expiry < soonest) soonest = expiry;
    }
  }
  return soonest;
}

function reportsOf({ notes, metrics }: Sighting): readonly ObserverReport[] {
  return [...notes.values()].map(({ observer, subject, checks, reportedAtEpochMs }) => {
    return { observer, subject, checks, metrics, reportedAtEpochMs, round: roundAt(reportedAtEpochMs) };
  });
}

/** The same Region at a later moment, at which nothing else is known of its checks. */
function asOf(assessment: Assessment, { metrics }: Sighting, nowEpochMs: number): Assessment {
  return { ...assessment, assessedAtEpochMs: nowEpochMs, metrics };
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
