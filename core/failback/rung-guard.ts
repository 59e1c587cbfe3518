import { traitsOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type Assessment, criticalChecks } from '../health/assess.ts';
import { TTLS_TO_FOLLOW } from './bake.ts';

type BakeConfig = Pick<ResolvedConfig, 'failback' | 'ttlSeconds'>;
type RungConfig = BakeConfig & Pick<ResolvedConfig, 'preset' | 'traffic'>;

/** What was seen while a rung bakes. `undefined` stands for "not measured", which is neither good nor bad. */
export interface RungSight {
  readonly percent: number;
  readonly elapsedSeconds: number;
  readonly original: Assessment;
  readonly errorPercent?: number;
  readonly p95Milliseconds?: number;
  /** Share of new connections on the original Region over the window, percent. */
  readonly observedSharePercent?: number;
  /** What the original Region gets. */
  readonly requestsPerSecond?: number;
  /** Attempts per request of a user, by Region; a Region whose clients are not measured is left out. */
  readonly attemptsPerRequest?: Readonly<Record<string, number>>;
  /** What the Regions no longer have in common. @default - nothing was seen to differ */
  readonly brokenParity?: readonly string[];
}

/** What to do with the rung. */
export type RungVerdict =
  | { readonly kind: 'baked' }
  | { readonly kind: 'keep-watching' }
  | { readonly kind: 'breach'; readonly reasons: readonly string[] };

/** Five minutes of new connections, so that single resolvers do not decide. */
const LONGEST_SHARE_WINDOW_SECONDS = 300;

/** Seconds of new connections that the share is measured over; shorter where the bake leaves less. */
export function shareWindowSeconds({ failback, ttlSeconds }: BakeConfig): number {
  return Math.min(LONGEST_SHARE_WINDOW_SECONDS, failback.bakeMinutes * 60 - TTLS_TO_FOLLOW * ttlSeconds);
}

/** Seconds into the bake from which on the whole window lies after the caches have followed. */
export function shareCountsAfterSeconds(config: BakeConfig): number {
  return TTLS_TO_FOLLOW * config.ttlSeconds + shareWindowSeconds(config);
}

/**
 * Judges a rung. Every reason of a breach is given. A rung that could not be measured by its end is no rung baked, and
 * neither is one whose critical checks are not all passed by quorum then.
 *
 * Where every Region serves, the rung is a share of the clients that are closest to the returning Region, and how many of
 * all those are is theirs to say: the share of new connections is then not judged.
 */
export function judgeRung(config: RungConfig, sight: RungSight): RungVerdict {
  const reasons = breachesOf(config, sight);
  if (reasons.length > 0) return { kind: 'breach', reasons };
  if (sight.elapsedSeconds < config.failback.bakeMinutes * 60) return { kind: 'keep-watching' };
  const unmeasured = Object.entries(neededOf(config, sight))
    .filter(([, value]) => value === undefined)
    .map(([name]) => `${name} could not be measured in the whole bake`);
  const unknown = criticalChecks(sight.original).filter(({ status }) => status === 'unknown');
  const unproven = [
    ...unmeasured,
    ...(unknown.length === 0
      ? []
      : [`critical checks unknown at the end of the bake: ${unknown.map(({ name }) => name).join(', ')}`]),
  ];
  return unproven.length === 0 ? { kind: 'baked' } : { kind: 'breach', reasons: unproven };
}

/** What a rung is judged by, by name: what is not measured of it proves nothing. */
function neededOf(config: RungConfig, sight: RungSight): Readonly<Record<string, number | undefined>> {
  const { failback, traffic } = config;
  const isCapped = failback.requestCaps[String(sight.percent)] !== undefined;
  return {
    errors: sight.errorPercent,
    'the p95': sight.p95Milliseconds,
    ...(isShareKnown(config) ? { 'the observed share': sight.observedSharePercent } : {}),
    ...(isCapped ? { "the requests/s that the rung's cap is for": sight.requestsPerSecond } : {}),
    ...(traffic.retries === undefined
      ? {}
      : { 'attempts per request in the returning Region': sight.attemptsPerRequest?.[sight.original.subject] }),
  };
}

/** Whether the rung alone says which part of the new connections goes to the returning Region. */
function isShareKnown(config: RungConfig): boolean {
  return traitsOf(config).roles === 'one-primary';
}

function breachesOf(config: RungConfig, sight: RungSight): readonly string[] {
  const { maximumErrorPercent, maximumP95Milliseconds, shareTolerancePercent } = config.failback;
  const { percent, errorPercent, p95Milliseconds, observedSharePercent, elapsedSeconds } = sight;
  const reasons: string[] = herdOf(config, sight);
  if (errorPercent !== undefined && errorPercent > maximumErrorPercent) {
    reasons.push(`errors ${errorPercent.toFixed(2)} % in the returning Region, ${maximumErrorPercent} % are allowed`);
  }
  if (p95Milliseconds !== undefined && p95Milliseconds > maximumP95Milliseconds) {
    reasons.push(
      `p95 ${Math.round(p95Milliseconds)} ms in the returning Region, ${maximumP95Milliseconds} ms are allowed`,
    );
  }
  const shareCounts = isShareKnown(config) && elapsedSeconds >= shareCountsAfterSeconds(config);
  if (
    shareCounts &&
    observedSharePercent !== undefined &&
    Math.abs(observedSharePercent - percent) > shareTolerancePercent
  ) {
    reasons.push(
      `observed share ${observedSharePercent.toFixed(1)} %, the rung is ${percent} % ± ${shareTolerancePercent}`,
    );
  }
  const failed = criticalChecks(sight.original).filter(({ status }) => status === 'failed');
  if (failed.length > 0) reasons.push(`critical checks failed: ${failed.map(({ name }) => name).join(', ')}`);
  return [...reasons, ...(sight.brokenParity ?? [])];
}

/** Signs of a herd: more load than the rung may bring, or clients that repeat their requests over and over. */
function herdOf(
  { failback: { requestCaps, maximumAttemptsPerRequest } }: RungConfig,
  { percent, requestsPerSecond, attemptsPerRequest = {} }: RungSight,
): string[] {
  const cap = requestCaps[String(percent)];
  const isCapped = cap !== undefined && requestsPerSecond !== undefined && requestsPerSecond > cap;
  const storms = Object.entries(attemptsPerRequest).filter(([, attempts]) => attempts > maximumAttemptsPerRequest);
  return [
    ...(isCapped
      ? [`${Math.round(requestsPerSecond)} requests/s in the returning Region, the rung's cap is ${cap}`]
      : []),
    ...storms.map(
      ([region, attempts]) =>
        `a retry storm: ${attempts.toFixed(2)} attempts per request in ${region}, ${maximumAttemptsPerRequest} are allowed`,
    ),
  ];
}
