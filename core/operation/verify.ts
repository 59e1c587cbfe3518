import type { ResolvedConfig } from '../config/types.ts';
import { type Assessment, unwellChecks } from '../health/assess.ts';
import type { ParityJudgement } from '../parity/judge-parity.ts';
import { LAG_LOOKBACK_HOURS } from './measure.ts';

/** A gate's answer: open, or every reason why not. */
export interface GateResult {
  readonly passed: boolean;
  readonly reasons: readonly string[];
  /** What was looked at and not judged. */
  readonly notes: readonly string[];
}

/** Gathers reasons into a result. */
export function gateResult(
  reasons: readonly (string | undefined)[],
  notes: readonly (string | undefined)[] = [],
): GateResult {
  const given = reasons.filter((reason) => reason !== undefined);
  return { passed: given.length === 0, reasons: given, notes: notes.filter((note) => note !== undefined) };
}

/** The last measured replication lag, how old it is, and how long the source still wrote after it. */
export interface LagSight {
  readonly seconds: number;
  readonly ageSeconds: number;
  readonly unseenSeconds: number;
}

/**
 * A measurement stands for the source only while it wrote: where it went on for longer than this, replication may have
 * ended meanwhile. A minute's metric, published up to three minutes later, and the minute in which a loss is noticed.
 */
const LONGEST_UNSEEN_SECONDS = 300;

/** What is known about the target before anything is changed. */
export interface TargetSight {
  readonly assessment: Assessment;
  /** Replication lag into the target; undefined where not measured. */
  readonly lag?: LagSight;
  readonly lagMatters: boolean;
  readonly acceptedLossSeconds?: number;
  /** Load of the source before the fault, requests per second; undefined where not measured. */
  readonly loadRequestsPerSecond?: number;
  readonly capacityRequestsPerSecond?: number;
  /** Differences between the target's contract health and what the config expects. */
  readonly contractMismatches: readonly string[];
  /** Whether it holds what the source held. @default - nothing is compared */
  readonly parity?: Pick<ParityJudgement, 'reasons' | 'notes'>;
  /** What the data tier has against the target. @default - nothing */
  readonly obstacles?: readonly string[];
}

/** Judges the target before the fence: every check runs and every reason is given. */
export function judgeTarget(config: Pick<ResolvedConfig, 'data'>, sight: TargetSight): GateResult {
  const unwell = unwellChecks(sight.assessment).map(
    ({ name, status, reason }) => `${name} is ${status}${reason === '' ? '' : ` (${reason})`}`,
  );
  return gateResult(
    [
      ...unwell,
      judgeLag(config, sight),
      ...(sight.obstacles ?? []),
      judgeCapacity(sight),
      ...sight.contractMismatches.map((text) => `contract mismatch: ${text}`),
      ...(sight.parity?.reasons ?? []),
    ],
    [
      ...noteLag(sight),
      ...(sight.parity?.notes ?? []),
      sight.capacityRequestsPerSecond === undefined ? 'capacity not configured, not judged' : undefined,
    ],
  );
}

function judgeLag(
  config: Pick<ResolvedConfig, 'data'>,
  { lag, lagMatters, acceptedLossSeconds }: TargetSight,
): string | undefined {
  if (!lagMatters) return undefined;
  const budget = acceptedLossSeconds ?? config.data.lossBudgetSeconds;
  const whose = acceptedLossSeconds === undefined ? 'the loss budget' : 'the accepted loss';
  if (!isMeasured(lag)) {
    if (acceptsAnyLoss(acceptedLossSeconds)) return undefined;
    return `${describeUnmeasured(lag)}, ${whose} is ${budget} s; repair the metric or accept a loss by name (acceptDataLossSeconds)`;
  }
  if (lag.seconds <= budget) return undefined;
  return `replication lag ${lag.seconds.toFixed(1)} s (measured ${Math.round(lag.ageSeconds)} s ago) exceeds ${whose} of ${budget} s`;
}

/** Whether more would be lost than was accepted by name: who names a loss means it, so that no emergency skips this. */
export function exceedsNamedLoss(config: Pick<ResolvedConfig, 'data'>, sight: TargetSight): boolean {
  return sight.acceptedLossSeconds !== undefined && judgeLag(config, sight) !== undefined;
}

/** Whether a measurement says what the target lacks. */
export function isMeasured(lag: LagSight | undefined): lag is LagSight {
  return lag !== undefined && lag.unseenSeconds <= LONGEST_UNSEEN_SECONDS;
}

/** Who accepts a loss by name takes one that cannot be measured too; an accepted loss of nothing accepts none. */
function acceptsAnyLoss(acceptedLossSeconds: number | undefined): boolean {
  return acceptedLossSeconds !== undefined && acceptedLossSeconds > 0;
}

function describeUnmeasured(lag: LagSight | undefined): string {
  return lag === undefined
    ? `replication lag was not measured in the last ${LAG_LOOKBACK_HOURS} h`
    : `replication lag was last measured ${Math.round(lag.unseenSeconds)} s before the source stopped writing`;
}

function noteLag({ lag, lagMatters, acceptedLossSeconds }: TargetSight): readonly string[] {
  const measured =
    lag === undefined ? [] : [`lag ${lag.seconds.toFixed(1)} s, measured ${Math.round(lag.ageSeconds)} s ago`];
  if (!lagMatters || isMeasured(lag) || !acceptsAnyLoss(acceptedLossSeconds)) return measured;
  return [
    ...measured,
    `${describeUnmeasured(lag)}: unmeasured, and a loss of ${acceptedLossSeconds} s accepted by name`,
  ];
}

function judgeCapacity({ loadRequestsPerSecond, capacityRequestsPerSecond }: TargetSight): string | undefined {
  if (loadRequestsPerSecond === undefined || capacityRequestsPerSecond === undefined) return undefined;
  if (loadRequestsPerSecond <= capacityRequestsPerSecond) return undefined;
  return `load of ${Math.round(loadRequestsPerSecond)} requests/s exceeds the capacity of ${capacityRequestsPerSecond} requests/s`;
}

/** Traffic as the Regions publish it, requests per second; undefined where not measured. */
export interface TrafficSight {
  readonly target?: number;
  readonly before?: number;
}

/** The target must carry enough requests, or enough of what there was before, whichever is smaller. */
export function judgeTraffic(
  { failover }: Pick<ResolvedConfig, 'failover'>,
  { target, before }: TrafficSight,
): GateResult {
  const share = before === undefined ? Number.POSITIVE_INFINITY : (before * failover.minimumSharePercent) / 100;
  const needed = Math.min(failover.minimumRequestsPerSecond, share);
  if (target === undefined) return gateResult(['traffic on the target is not measured yet']);
  const enough = share < failover.minimumRequestsPerSecond ? target >= needed : target > needed;
  return gateResult([
    enough ? undefined : `the target carries ${target.toFixed(0)} requests/s, ${needed.toFixed(0)} are needed`,
  ]);
}

/** The service in the target after traffic arrived. */
export interface ServiceSight {
  readonly assessment: Assessment;
  readonly errorPercent?: number;
  readonly p95Milliseconds?: number;
  /** Share of all traffic that the target carries, percent. */
  readonly sharePercent?: number;
}

/** Judges the service in the target. A remainder of traffic on the old Region is a TTL tail: noted, not failed. */
export function judgeService({ failover }: Pick<ResolvedConfig, 'failover'>, sight: ServiceSight): GateResult {
  const { errorPercent, p95Milliseconds, sharePercent, assessment } = sight;
  return gateResult(
    [
      errorPercent === undefined ? 'errors are not measured yet' : undefined,
      errorPercent !== undefined && errorPercent >= failover.maximumErrorPercent
        ? `errors ${errorPercent.toFixed(2)} %, less than ${failover.maximumErrorPercent} % are allowed`
        : undefined,
      p95Milliseconds === undefined ? 'p95 is not measured yet' : undefined,
      p95Milliseconds !== undefined && p95Milliseconds >= failover.maximumP95Milliseconds
        ? `p95 ${Math.round(p95Milliseconds)} ms, less than ${failover.maximumP95Milliseconds} ms are allowed`
        : undefined,
      ...unwellChecks(assessment).map(({ name, status }) => `${name} is ${status}`),
    ],
    [
      sharePercent !== undefined && sharePercent < 100
        ? `${(100 - sharePercent).toFixed(1)} % still on other Regions (TTL tail)`
        : undefined,
    ],
  );
}
