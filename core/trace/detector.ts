import { applicationRegions, homeRegion } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { decide, hasChanged } from '../decision/decide.ts';
import type { Decision } from '../decision/outcome.ts';
import type { DecisionSituation } from '../decision/situation.ts';
import { isTrafficCalm } from '../decision/table.ts';
import type { Assessment } from '../health/assess.ts';
import { measurementLifeMs } from '../health/metric-series.ts';
import { initialState } from '../operation/application-state.ts';
import type { TraceLine } from './trace-line.ts';
import { type WatchedRegion, watchRegion } from './watched-region.ts';

/** Judges what observers saw as the deployed decision step would, without the table between them. */
export interface Detector {
  /** Takes a line in; lines come in the order of their time. */
  take(line: TraceLine): void;
  /** The verdict at a moment that is a multiple of ten seconds, later than the one before. Nothing is executed. */
  decideAt(seconds: number): Decision;
  /** What the coordination table would hold. */
  situation(): DecisionSituation;
}

/**
 * A detector that knows nothing yet, on an application that has never moved.
 *
 * A verdict is drawn anew only where something that it rests on has changed: in between it stands, as the functions that draw it
 * are pure.
 */
export function createDetector(config: ResolvedConfig): Detector {
  const state = initialState(config);
  const active = homeRegion(config).id;
  const subjects = applicationRegions(config);
  /** In the order in which `decideOn` looks at them. */
  const regions = [active, ...subjects.filter((subject) => subject !== active)].map((id) => watchRegion(config, id));
  const bySubject = new Map(regions.map((region) => [region.subject, region]));
  const metricLifeMs = measurementLifeMs(config);
  let previous: Decision | undefined;
  let latest: Decision | undefined;
  let restsOn: readonly Assessment[] = [];
  let standsUntilEpochMs = 0;

  const regionOf = (subject: string): WatchedRegion => {
    const region = bySubject.get(subject);
    if (region === undefined) throw new RangeError(`${subject} is no application Region`);
    return region;
  };

  /** Until when a verdict stands if nothing is learned: errors that last, and numbers that grow old, change it by themselves. */
  const standsUntil = ({ raisedAtEpochMs }: Decision, assessment: Assessment, nowEpochMs: number): number => {
    const { metrics } = assessment;
    if (raisedAtEpochMs.length > 0 || !isTrafficCalm(assessment, config)) return nowEpochMs;
    const ends = Object.values(metrics).map((series) => (series.at(-1)?.atEpochMs ?? 0) + metricLifeMs);
    return Math.min(...ends.filter((end) => end >= nowEpochMs));
  };

  /** Whether both lead to the same verdict: nothing differs but the traffic, and no row looks at either. */
  const saysTheSame = (after: Assessment, before: Assessment | undefined): boolean =>
    after === before ||
    (after.checks === before?.checks &&
      after.signals === before.signals &&
      isTrafficCalm(after, config) &&
      isTrafficCalm(before, config));

  const draw = (assessments: readonly Assessment[], nowEpochMs: number): Decision => {
    const [assessment, ...others] = assessments.map((one) => ({ ...one, assessedAtEpochMs: nowEpochMs }));
    if (assessment === undefined) throw new RangeError('a resolved config has an application Region');
    const decision = decide({ config, assessment, others, state, previous, nowEpochMs });
    restsOn = assessments;
    standsUntilEpochMs = standsUntil(decision, assessment, nowEpochMs);
    return decision;
  };

  const assessAll = (nowEpochMs: number): readonly Assessment[] => regions.map((region) => region.assess(nowEpochMs));

  return {
    take: (line) => {
      const atEpochMs = toMs(line.t);
      if ('check' in line) regionOf(line.subject).noteProbe(line, atEpochMs);
      else if ('service' in line) regionOf(line.subject).noteInstances(line.service, line, atEpochMs);
      else if ('coordinationReachable' in line) {
        regionOf(line.subject).noteCoordination(line.coordinationReachable, atEpochMs);
      } else if ('metric' in line && line.subject === active) {
        // A verdict rests on the traffic of the active Region alone.
        regionOf(active).noteMetric(line.metric, line.value, atEpochMs);
      }
    },
    decideAt: (seconds) => {
      const nowEpochMs = toMs(seconds);
      const assessments = assessAll(nowEpochMs);
      const stands = assessments.every((assessment, index) => saysTheSame(assessment, restsOn[index]));
      if (latest !== undefined && stands && nowEpochMs <= standsUntilEpochMs) return latest;
      latest = draw(assessments, nowEpochMs);
      if (!hasChanged(previous, latest)) return latest;
      // With the figures of this very moment, which until now did not matter.
      for (const region of regions) region.forget();
      latest = draw(assessAll(nowEpochMs), nowEpochMs);
      previous = latest;
      return latest;
    },
    situation: () => ({ state, reports: regions.flatMap((region) => region.reports()), decision: previous }),
  };
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
