import {
  applicationRegions,
  checksOf,
  homeRegion,
  type NamedCheck,
  observersOf,
} from '../../../core/config/accessors.ts';
import { DATABASE_WRITER_CHECK } from '../../../core/config/checks.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { isDue, ROUND_SECONDS, SPREAD_MS } from '../../../core/health/rounds.ts';
import type { ProbeLine, TraceLine } from '../../../core/trace/trace-line.ts';
import type { Random } from '../../../twin/random.ts';
import type { OutageKind, Span, TracePlan } from './plan-trace.ts';

const MINUTE_SECONDS = 60;
const INSTANCES = 10;
/** The service whose instances the Regions count. */
const COUNTED_SERVICE = 'order-service';
const TROUBLED_SERVICE = 'inventory-service';
/** An application's numbers of an ordinary minute. */
const ORDINARY = { errorRate: 0.002, p95Milliseconds: 120 } as const;
const WRITE_SHARE = 0.08;
/** Errors of a Region that cannot be called an outage by any row: too short, or too few requests. */
const SPIKE = { errorRate: 0.3, seconds: 200, fewRequestsPerSecond: 0.4 } as const;
const SLOW = { p95Milliseconds: 900, errorRate: 0.03 } as const;

/** What a plan is played on. */
interface Stage {
  readonly config: ResolvedConfig;
  readonly plan: TracePlan;
  readonly random: Random;
  readonly active: string;
}

/** The lines that observers and Regions would write of what a plan has happen, in the order of their time. */
export function emitTrace(config: ResolvedConfig, plan: TracePlan, random: Random): readonly TraceLine[] {
  const stage: Stage = { config, plan, random, active: homeRegion(config).id };
  const lines: TraceLine[] = [];
  for (let round = 0; round * ROUND_SECONDS < plan.seconds; round++) {
    emitProbes(stage, round, lines);
    emitStatements(stage, round * ROUND_SECONDS, lines);
    if ((round * ROUND_SECONDS) % MINUTE_SECONDS === 0) emitMetrics(stage, round * ROUND_SECONDS, lines);
  }
  lines.sort((a, b) => a.t - b.t);
  lines.push({ t: Math.max(plan.seconds, lines.at(-1)?.t ?? 0), end: true });
  return lines;
}

function emitProbes(stage: Stage, round: number, lines: TraceLine[]): void {
  const { config, active, random } = stage;
  const observers = observersOf(config);
  const due = checksOf(config).filter(({ check }) => isDue(check, round));
  for (const [position, observer] of observers.entries()) {
    const at = round * ROUND_SECONDS + (position * SPREAD_MS) / 1000 / Math.max(1, observers.length - 1);
    if (observer === active && isUnderWay(stage, ['region', 'partition'], at)) continue;
    for (const subject of applicationRegions(config)) {
      for (const named of due) {
        const result = resultOf(stage, { at, observer, subject, named });
        const took = result === 'failed' ? named.check.timeoutSeconds : 0.02 + 0.4 * random();
        lines.push({ t: at + took, observer, subject, check: named.name, result });
      }
    }
  }
}

interface Probe {
  readonly at: number;
  readonly observer: string;
  readonly subject: string;
  readonly named: NamedCheck;
}

function resultOf(stage: Stage, { at, observer, subject, named }: Probe): ProbeLine['result'] {
  const { name, check } = named;
  const isActive = subject === stage.active;
  const isDead = isActive && isUnderWay(stage, ['region'], at);
  // A metric is asked of an API: no answer says nothing about what it measures.
  if (isDead || isLost(stage, observer, at)) return check.kind === 'metric' ? 'error' : 'failed';
  if (!isActive) return 'passed';
  if (check.kind === 'metric') return isUnderWay(stage, ['partition'], at) ? 'error' : 'passed';
  const fails =
    (name === DATABASE_WRITER_CHECK && isUnderWay(stage, ['database-writer'], at)) ||
    (name === TROUBLED_SERVICE && stage.plan.trouble === 'service-down');
  return fails ? 'failed' : 'passed';
}

function isLost({ plan: { noise }, random }: Stage, observer: string, at: number): boolean {
  switch (noise.kind) {
    case 'none':
      return false;
    case 'loss':
      return random() < noise.share || noise.bursts.some((burst) => burst.observer === observer && holds(burst, at));
    case 'blip':
      return noise.blips.some((blip) => holds(blip, at));
    case 'blind':
      return noise.observer === observer;
  }
}

/** What the active Region says of itself, where it can be heard: once every observer has read its document. */
function emitStatements(stage: Stage, at: number, lines: TraceLine[]): void {
  const { plan, active: subject } = stage;
  if (isUnderWay(stage, ['region'], at)) return;
  const t = at + SPREAD_MS / 1000;
  lines.push({ t, subject, coordinationReachable: !isUnderWay(stage, ['partition'], at) });
  const short = plan.trouble === 'instances-short' ? INSTANCES / 2 : INSTANCES;
  const healthyInstances = isUnderWay(stage, ['instances'], at) ? (plan.outage?.strength ?? 0) : short;
  lines.push({ t, subject, service: COUNTED_SERVICE, instances: INSTANCES, healthyInstances });
}

/** Numbers of the minute that ended, a few seconds later; those of a Region that cannot be reached are not had. */
function emitMetrics(stage: Stage, end: number, lines: TraceLine[]): void {
  const { config, active, random } = stage;
  if (end === 0) return;
  for (const subject of applicationRegions(config)) {
    if (subject === active && isUnderWay(stage, ['region', 'partition'], end)) continue;
    const t = end + 4 + 8 * random();
    const { errorRate, p95Milliseconds, requestsPerSecond } = subject === active ? minuteOf(stage, end) : idle();
    lines.push({ t, subject, metric: 'requests-per-second', value: requestsPerSecond });
    lines.push({ t, subject, metric: 'error-rate', value: errorRate });
    lines.push({ t, subject, metric: 'p95-ms', value: p95Milliseconds });
  }
}

interface Minute {
  readonly errorRate: number;
  readonly p95Milliseconds: number;
  readonly requestsPerSecond: number;
}

function idle(): Minute {
  return { ...ORDINARY, requestsPerSecond: 0 };
}

function minuteOf({ plan, random }: Stage, end: number): Minute {
  const { outage, trouble, requestsPerSecond } = plan;
  const ordinary = {
    ...ORDINARY,
    p95Milliseconds: ORDINARY.p95Milliseconds * (0.8 + 0.4 * random()),
    requestsPerSecond,
  };
  const minute: Span = { from: end - MINUTE_SECONDS, until: end };
  const share = (span: Span): number => overlap(span, minute) / MINUTE_SECONDS;
  if (outage?.kind === 'error-rate') return { ...ordinary, errorRate: share(outage) * outage.strength };
  if (outage?.kind === 'database-writer') return { ...ordinary, errorRate: share(outage) * WRITE_SHARE };
  switch (trouble) {
    case 'slow-responses':
      return { ...ordinary, ...SLOW };
    case 'short-errors': {
      const from = plan.seconds / 3;
      return { ...ordinary, errorRate: share({ from, until: from + SPIKE.seconds }) * SPIKE.errorRate };
    }
    case 'few-requests':
      return { ...ordinary, errorRate: SPIKE.errorRate, requestsPerSecond: SPIKE.fewRequestsPerSecond };
    default:
      return ordinary;
  }
}

function isUnderWay({ plan: { outage } }: Stage, kinds: readonly OutageKind[], at: number): boolean {
  return outage !== undefined && kinds.includes(outage.kind) && holds(outage, at);
}

function holds({ from, until }: Span, at: number): boolean {
  return at >= from && at < until;
}

function overlap(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.until, b.until) - Math.max(a.from, b.from));
}
