import { checksOf, type NamedCheck } from '../config/accessors.ts';
import { type Check, DATABASE_WRITER_CHECK, failsWhenDark } from '../config/checks.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { isMetricCheck, periodSecondsOf } from '../health/metric-question.ts';
import { ROUND_SECONDS, SPREAD_MS } from '../health/rounds.ts';
import { SIGNAL_THRESHOLD } from '../health/signals.ts';
import { metricVisibleSeconds } from './durations.ts';

/** How long a fault may go unrecognised, worst case. */
export interface Detection {
  readonly seconds: number;
  /** The sum, in words. */
  readonly because: string;
  /** From then until the deciders' next look, seconds: they look when the checks with the shortest timeout are in. */
  readonly untilLookSeconds: number;
}

type CheckTable = Pick<ResolvedConfig, 'checks' | 'traffic' | 'policy'>;

const OFFSET_SECONDS = SPREAD_MS / 1000;

/**
 * Until a Region that is dark has failed: when every critical check has, by itself or by one that it depends on, or when
 * the database writer has. Undefined where that never happens: the metrics of a dark Region are unknown, which is not down.
 */
export function detectDarkRegion(config: CheckTable): Detection | undefined {
  const critical = checksOf(config).filter(({ check }) => check.class === 'critical');
  const every = longest(critical.map(({ name }) => darkSince(config, name)));
  return soonest([every, detectWriter(config)]);
}

/** Until a database writer that fails alone is known; undefined where no check looks at it. */
export function detectWriter(config: CheckTable): Detection | undefined {
  const writer = checksOf(config).find(({ name }) => name === DATABASE_WRITER_CHECK);
  if (writer === undefined || !failsWhenDark(writer.check)) return undefined;
  return detectBy(config, writer, Math.max(writer.check.failureThreshold, config.policy.writerFailures));
}

/**
 * Until what a Region says of itself is known, by the checks that read its document most often; undefined where none does.
 */
export function detectBySignal(config: CheckTable): Detection | undefined {
  const documents = checksOf(config).filter(({ check }) => check.kind === 'deep');
  const often = documents.toSorted((a, b) => a.check.intervalSeconds - b.check.intervalSeconds)[0];
  return often === undefined ? undefined : detectBy(config, often, SIGNAL_THRESHOLD);
}

/** Until a partial failure asks for a person: the slowest critical check, or the slowest metric of the traffic. */
export function detectDegradation(config: CheckTable): Detection | undefined {
  const telling = checksOf(config).filter(({ check }) => check.class === 'critical' || check.kind === 'metric');
  return longest(
    telling.map((named) => detectBy(config, named, named.check.kind === 'metric' ? 1 : named.check.failureThreshold)),
  );
}

/** The check's own failure, or that of a check it depends on, whichever comes first; the rules refuse circles. */
function darkSince(config: CheckTable, name: string): Detection | undefined {
  const found = checksOf(config).find((named) => named.name === name);
  if (found === undefined) return undefined;
  const { check } = found;
  const own = failsWhenDark(check) ? detectBy(config, found, check.failureThreshold) : undefined;
  return soonest([own, ...(check.dependsOn ?? []).map((dependency) => darkSince(config, dependency))]);
}

function detectBy(config: CheckTable, { name, check }: NamedCheck, failures: number): Detection {
  const { intervalSeconds, timeoutSeconds } = check;
  const published = publishedAfterSeconds(config, check);
  return {
    seconds: published + intervalSeconds * failures + timeoutSeconds + OFFSET_SECONDS,
    because:
      `${name}: ${published === 0 ? '' : `${published} s to be published + `}interval ${intervalSeconds} s × ` +
      `${failures} + timeout ${timeoutSeconds} s + offset ${OFFSET_SECONDS} s`,
    untilLookSeconds: untilLook(config, check),
  };
}

/** From a fault to the period of a metric that shows it. */
function publishedAfterSeconds({ traffic }: CheckTable, check: Check): number {
  if (check.kind === 'metric') return metricVisibleSeconds(traffic.periodSeconds);
  return isMetricCheck(check) ? metricVisibleSeconds(periodSecondsOf(check)) : 0;
}

/** A report that is later than those of the shortest timeout is seen with those of a later round. */
function untilLook(config: CheckTable, { timeoutSeconds }: Check): number {
  const shortest = Math.min(...checksOf(config).map(({ check }) => check.timeoutSeconds));
  const late = timeoutSeconds - shortest;
  return Math.ceil(late / ROUND_SECONDS) * ROUND_SECONDS - late;
}

/** When the deciders act on it. */
function actedOn({ seconds, untilLookSeconds }: Detection): number {
  return seconds + untilLookSeconds;
}

/** Undefined where one of them never comes, or where there is none. */
function longest(all: readonly (Detection | undefined)[]): Detection | undefined {
  const known = all.filter((detection) => detection !== undefined);
  return known.length < all.length ? undefined : known.toSorted((a, b) => actedOn(b) - actedOn(a))[0];
}

function soonest(all: readonly (Detection | undefined)[]): Detection | undefined {
  return all.filter((detection) => detection !== undefined).toSorted((a, b) => actedOn(a) - actedOn(b))[0];
}
