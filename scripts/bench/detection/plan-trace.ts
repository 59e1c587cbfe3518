import { observersOf } from '../../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import type { Random } from '../../../twin/random.ts';

/** Faults that traffic has to leave for, each by a row of the decision table. */
export const OUTAGE_KINDS = ['region', 'database-writer', 'instances', 'partition', 'error-rate'] as const;
export type OutageKind = (typeof OUTAGE_KINDS)[number];

/** A span of a trace, seconds; the end is not part of it. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** What is wrong with the active Region. This schedule is the truth that a detector is judged by. */
export interface Outage extends Span {
  readonly kind: OutageKind;
  /** Instances of ten that work, or the share of requests that fail, where the kind has such a measure. */
  readonly strength: number;
}

/** What is wrong with the probes and not with the Region. */
export type Noise =
  | { readonly kind: 'none' }
  /** Probes lost one by one, and bursts in which one observer loses all of them. */
  | {
      readonly kind: 'loss';
      readonly share: number;
      readonly bursts: readonly (Span & { readonly observer: string })[];
    }
  /** Spans in which every observer loses every probe. */
  | { readonly kind: 'blip'; readonly blips: readonly Span[] }
  /** One observer that loses all of its probes. */
  | { readonly kind: 'blind'; readonly observer: string };

/** What the active Region does that is no outage. */
export type Trouble = 'none' | 'slow-responses' | 'short-errors' | 'few-requests' | 'service-down' | 'instances-short';

/** What happens in a trace. */
export interface TracePlan {
  readonly seconds: number;
  readonly outage: Outage | undefined;
  readonly noise: Noise;
  readonly trouble: Trouble;
  readonly requestsPerSecond: number;
}

/** A trace lasts a quarter of an hour at least, and has time to settle before anything happens and after it. */
const LEAST_SECONDS = 900;
const MOST_SECONDS = 960;
const SETTLED_AFTER = 120;
const QUIET_BEFORE_END = 60;
const LEAST_OUTAGE_SECONDS = 60;
const LEAST_ERROR_SECONDS = 480;
const OUTAGE_SHARE = 0.3;
const MOST_LOSS = 0.02;
const LONGEST_BURST_SECONDS = 20;
const BETWEEN_BLIPS_SECONDS = 120;
const TROUBLES: readonly Trouble[] = [
  'none',
  'none',
  'slow-responses',
  'short-errors',
  'few-requests',
  'service-down',
  'instances-short',
];
/** Outages in which the Region's own observer is silent, so that a second one that says nothing true leaves no quorum. */
const SILENCING: readonly OutageKind[] = ['region', 'partition'];

/** Draws what happens in a trace. */
export function planTrace(config: Pick<ResolvedConfig, 'regions' | 'vantages'>, random: Random): TracePlan {
  const seconds = between(random, LEAST_SECONDS, MOST_SECONDS);
  const outage = random() < OUTAGE_SHARE ? planOutage(random, seconds) : undefined;
  return {
    seconds,
    outage,
    noise: planNoise(random, { observers: observersOf(config), seconds, outage }),
    trouble: outage === undefined ? pick(random, TROUBLES) : 'none',
    requestsPerSecond: 2 + 500 * random() ** 3,
  };
}

function planOutage(random: Random, seconds: number): Outage {
  const kind = pick(random, OUTAGE_KINDS);
  const least = kind === 'error-rate' ? LEAST_ERROR_SECONDS : LEAST_OUTAGE_SECONDS;
  const latest = seconds - QUIET_BEFORE_END - least;
  const from = SETTLED_AFTER + (latest - SETTLED_AFTER) * random();
  const until = from + least + (seconds - QUIET_BEFORE_END - least - from) * random();
  return { kind, from, until, strength: strengthOf(kind, random) };
}

function strengthOf(kind: OutageKind, random: Random): number {
  if (kind === 'instances') return Math.floor(random() * 5);
  return kind === 'error-rate' ? 0.12 + 0.5 * random() : 1;
}

function planNoise(
  random: Random,
  { observers, seconds, outage }: { observers: readonly string[]; seconds: number; outage: Outage | undefined },
): Noise {
  const silenced = outage !== undefined && SILENCING.includes(outage.kind);
  const kind = pick(
    random,
    silenced ? (['none', 'loss', 'blip'] as const) : (['none', 'loss', 'blip', 'blind'] as const),
  );
  switch (kind) {
    case 'none':
      return { kind };
    case 'loss': {
      const spans = planSpans(random, seconds, Math.floor(3 * random()));
      const observer = pick(random, observers);
      return { kind, share: MOST_LOSS * random(), bursts: spans.map((span) => ({ ...span, observer })) };
    }
    case 'blip':
      return { kind, blips: planSpans(random, seconds, 1 + Math.floor(4 * random())) };
    case 'blind':
      return { kind, observer: pick(random, observers) };
  }
}

/** Short spans, far enough apart that no two of them add up. */
function planSpans(random: Random, seconds: number, most: number): readonly Span[] {
  const spans: Span[] = [];
  let from = BETWEEN_BLIPS_SECONDS * random();
  while (spans.length < most && from < seconds) {
    spans.push({ from, until: from + 1 + (LONGEST_BURST_SECONDS - 1) * random() });
    from += BETWEEN_BLIPS_SECONDS + ((2 * seconds) / most) * random();
  }
  return spans;
}

function between(random: Random, least: number, most: number): number {
  return Math.round(least + (most - least) * random());
}

function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new RangeError('there is nothing to pick from');
  return item;
}
