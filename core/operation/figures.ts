import { checksOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { findEvent, type OperationRecord } from './operation-record.ts';
import { PHASES, type Phase, phaseTimes, verdictOf } from './phases.ts';

/** What an operation that has ended comes to; what was not measured is left out, and never zero. */
export interface OperationFigures {
  readonly kind: OperationRecord['kind'];
  readonly automatic: boolean;
  /** From its opening to its end, seconds. */
  readonly durationSeconds: number;
  /** From the outage, or where nobody knows of one from the opening, to the traffic seen at the target, seconds. */
  readonly rtoSeconds?: number;
  /** Data that the target did not have when it was judged, seconds of writes. */
  readonly rpoSeconds?: number;
  /** Seconds by phase of a failover. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
}

/** Steps that change something; an operation that was refused before them was no event. */
const ACTING_STEPS: ReadonlySet<string> = new Set([
  'fence-source',
  'start-promotion',
  'shift-traffic',
  'open-switch',
  'write-records',
]);

/** The figures of an operation that ended at a moment; undefined for one that changed nothing. */
export function figuresOf(
  config: Pick<ResolvedConfig, 'checks'>,
  record: OperationRecord,
  endedAtEpochMs: number,
): OperationFigures | undefined {
  const acted = record.events.some(
    ({ step, outcome }) => ACTING_STEPS.has(step) && (outcome === 'done' || outcome === 'requested'),
  );
  if (!acted) return undefined;
  const rtoSeconds = rtoOf(config, record);
  const rpoSeconds = rpoOf(record);
  return {
    kind: record.kind,
    automatic: record.request.mode === 'automatic',
    durationSeconds: (endedAtEpochMs - record.openedAtEpochMs) / 1000,
    ...(rtoSeconds === undefined ? {} : { rtoSeconds }),
    ...(rpoSeconds === undefined ? {} : { rpoSeconds }),
    phases: record.kind === 'failover' ? phasesOf(config, record) : {},
  };
}

function phasesOf(config: Pick<ResolvedConfig, 'checks'>, record: OperationRecord): OperationFigures['phases'] {
  const times = phaseTimes(record, {
    outageAtEpochMs: outageBeganAt(config, record),
    answeredAtEpochMs: findEvent(record, 'verify-answers', 'done')?.atEpochMs,
  });
  const seconds = PHASES.flatMap((phase): readonly (readonly [Phase, number])[] => {
    const tookMs = times[phase];
    return tookMs === undefined ? [] : [[phase, tookMs / 1000]];
  });
  return Object.fromEntries(seconds);
}

/** Over when the target was seen to carry the traffic; a failback interrupts nobody, so it has none. */
function rtoOf(config: Pick<ResolvedConfig, 'checks'>, record: OperationRecord): number | undefined {
  const arrived = findEvent(record, 'verify-traffic', 'done')?.atEpochMs;
  if (record.kind !== 'failover' || arrived === undefined) return undefined;
  return (arrived - (outageBeganAt(config, record) ?? record.openedAtEpochMs)) / 1000;
}

/**
 * When the outage began that an automatic operation answers, epoch ms: an interval before the first of the failed probes
 * that the verdict counts, since a Region can be dead so long before it is asked. By the critical check that failed last:
 * the verdict waited for that one.
 */
export function outageBeganAt(
  config: Pick<ResolvedConfig, 'checks'>,
  record: Pick<OperationRecord, 'events' | 'request'>,
): number | undefined {
  const evidence = verdictOf(record)?.evidence;
  if (evidence === undefined) return undefined;
  const intervals = new Map(checksOf(config).map(({ name, check }) => [name, check.intervalSeconds]));
  const failedForMs = evidence.checks
    .filter((check) => check.class === 'critical' && check.status === 'failed')
    .map(({ name, consecutiveFailures }) => consecutiveFailures * (intervals.get(name) ?? 0) * 1000);
  return failedForMs.length === 0 ? undefined : evidence.assessedAtEpochMs - Math.min(...failedForMs);
}

/** Nothing by a switchover; by a failover the lag that was last measured before it. */
function rpoOf(record: OperationRecord): number | undefined {
  const mode = findEvent(record, 'start-promotion', 'requested')?.detail['mode'];
  if (mode === 'switchover') return 0;
  if (mode !== 'failover') return undefined;
  const lag = findEvent(record, 'validate-target', 'done')?.detail['lagSeconds'];
  return typeof lag === 'number' ? lag : undefined;
}
