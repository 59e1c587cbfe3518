import type { ResolvedConfig } from '../../../core/config/types.ts';
import { callsForAction } from '../../../core/decision/decide.ts';
import { judgeTrace } from '../../../core/trace/judge-trace.ts';
import type { TraceLine } from '../../../core/trace/trace-line.ts';
import { createRandomStreams } from '../../../twin/random.ts';
import { percentile } from '../statistics.ts';
import { emitTrace } from './emit-trace.ts';
import { OUTAGE_KINDS, type OutageKind, planTrace, type TracePlan } from './plan-trace.ts';

/** When a policy calls for an automatic failover in a trace, seconds: the beginning of each such verdict. */
export type Detect = (lines: readonly TraceLine[]) => readonly number[];

/** How a campaign is run. */
export interface CampaignSettings {
  /** The Regions, observers and checks of the traces. */
  readonly config: ResolvedConfig;
  readonly runs: number;
  readonly seed: number;
  /** What is judged. @default - the policy of the config, by the code that is deployed */
  readonly detect?: Detect;
  readonly onProgress?: (done: number) => void;
}

/** A trace that was judged wrongly; `planTrace` and `emitTrace` draw it again from its stream. */
export interface Mistake {
  readonly trace: number;
  readonly what: 'missed' | 'false failover';
  readonly atSeconds: number | undefined;
  readonly plan: TracePlan;
}

/** Time from the beginning of an outage to the verdict, seconds. */
export interface TimeToDecision {
  readonly p50: number;
  readonly p99: number;
  /** Interval × threshold of the fastest check that can see it. */
  readonly floor: number;
}

/** What became of a campaign. */
export interface CampaignResult {
  readonly runs: number;
  readonly outages: number;
  readonly missed: number;
  readonly falseFailovers: number;
  /** Per second of one processor, of the judging alone: drawing the traces is not in it. */
  readonly tracesPerSecond: number;
  readonly timeToDecisionSeconds: Readonly<Record<string, TimeToDecision>>;
  readonly mistakes: readonly Mistake[];
}

/** Seconds of failing that a verdict needs at the least: interval × threshold, and for errors the minutes of the policy. */
export function floorOf(kind: OutageKind, { checks, policy }: Pick<ResolvedConfig, 'checks' | 'policy'>): number {
  if (kind === 'error-rate') return policy.errorMinutes * 60;
  const check = checks[kind === 'database-writer' ? 'database-writer' : 'region-connectivity'];
  return check === undefined || check === false ? Number.NaN : check.intervalSeconds * check.failureThreshold;
}

/** Judges generated traces and compares the verdicts with what the plans had happen. */
export function runCampaign({ config, runs, seed, detect, onProgress }: CampaignSettings): CampaignResult {
  const judge = detect ?? byPolicy(config);
  const streams = createRandomStreams(seed);
  const mistakes: Mistake[] = [];
  const times = new Map<OutageKind, number[]>(OUTAGE_KINDS.map((kind) => [kind, []]));
  let outages = 0;
  let judgingMicroseconds = 0;
  for (let trace = 0; trace < runs; trace++) {
    const random = streams.stream(`trace/${trace}`);
    const plan = planTrace(config, random);
    const lines = emitTrace(config, plan, random);
    const before = process.threadCpuUsage();
    const calls = judge(lines);
    const { user, system } = process.threadCpuUsage(before);
    judgingMicroseconds += user + system;
    const { outage } = plan;
    const inside = (at: number): boolean => outage !== undefined && at >= outage.from && at <= outage.until;
    for (const atSeconds of calls.filter((at) => !inside(at))) {
      mistakes.push({ trace, what: 'false failover', atSeconds, plan });
    }
    if (outage !== undefined) {
      outages++;
      const found = calls.find(inside);
      if (found === undefined) mistakes.push({ trace, what: 'missed', atSeconds: undefined, plan });
      else times.get(outage.kind)?.push(found - outage.from);
    }
    onProgress?.(trace + 1);
  }
  return {
    runs,
    outages,
    missed: mistakes.filter(({ what }) => what === 'missed').length,
    falseFailovers: mistakes.filter(({ what }) => what === 'false failover').length,
    tracesPerSecond: Math.round((1e6 * runs) / judgingMicroseconds),
    timeToDecisionSeconds: Object.fromEntries(
      [...times].flatMap(([kind, seconds]) =>
        seconds.length === 0
          ? []
          : [
              [
                kind,
                {
                  p50: tenths(percentile(seconds, 0.5)),
                  p99: tenths(percentile(seconds, 0.99)),
                  floor: floorOf(kind, config),
                },
              ],
            ],
      ),
    ),
    mistakes,
  };
}

/** The first automatic verdict after rest; what follows before the next rest would find an operation in progress. */
function byPolicy(config: ResolvedConfig): Detect {
  return (lines) => {
    const calls: number[] = [];
    let called = false;
    for (const verdict of judgeTrace(config, lines)) {
      if (!callsForAction(verdict)) called = false;
      if (verdict.outcome !== 'AUTOMATIC_FAILOVER' || called) continue;
      calls.push(verdict.t);
      called = true;
    }
    return calls;
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
