import type { Phases } from '../../../twin/scenarios/result-document.ts';
import { percentile } from '../statistics.ts';
import type { SeedFigures } from './seed-figures.ts';

/** Percentiles of durations by nearest rank, seconds; `null` where nothing of the kind happened in any seed. */
export interface Spread {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** A seed by what its slowest clients suffered. */
export interface SlowSeed {
  readonly seed: number;
  readonly clientRtoP99Seconds: number;
}

/** What became of all seeds. */
export interface Figures {
  readonly seeds: number;
  readonly ours: {
    readonly firstChangedAnswerSeconds: Spread;
    readonly clientRtoSeconds: Spread;
    readonly phases: Readonly<Record<keyof Phases, Spread>>;
  };
  readonly plainRoute53: { readonly clientRtoSeconds: Spread };
  /** The slowest of ours, slowest first. */
  readonly worstSeeds: readonly SlowSeed[];
  /** Seeds in which our failover was not better than plain Route 53, did not succeed, or broke an invariant. */
  readonly lostSeeds: readonly { readonly seed: number; readonly why: string }[];
}

const WORST_SHOWN = 5;

/** Percentiles over the clients of all seeds together, and over the seeds where there is one value each. */
export function summarize(all: readonly SeedFigures[]): Figures {
  const ours = all.map((figures) => figures.ours);
  const phaseNames = Object.keys(ours[0]?.phases ?? {}) as (keyof Phases)[];
  return {
    seeds: all.length,
    ours: {
      firstChangedAnswerSeconds: spread(ours.flatMap((own) => own.firstChangedAnswerSeconds ?? [])),
      clientRtoSeconds: spread(ours.flatMap((own) => own.clientRtoSeconds)),
      phases: Object.fromEntries(
        phaseNames.map((name) => [name, spread(ours.flatMap(({ phases }) => phases[name] ?? []))]),
      ) as Record<keyof Phases, Spread>,
    },
    plainRoute53: { clientRtoSeconds: spread(all.flatMap(({ plainRoute53 }) => plainRoute53.clientRtoSeconds)) },
    worstSeeds: all
      .map((figures) => ({ seed: figures.seed, clientRtoP99Seconds: slowest(figures.ours.clientRtoSeconds) }))
      .toSorted((a, b) => b.clientRtoP99Seconds - a.clientRtoP99Seconds || a.seed - b.seed)
      .slice(0, WORST_SHOWN),
    lostSeeds: all.flatMap((figures) => whyLost(figures).map((why) => ({ seed: figures.seed, why }))),
  };
}

/** Nearest-rank percentiles, to the millisecond. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) return { p50: null, p90: null, p99: null, max: null };
  const at = (share: number): number => Math.round(1000 * percentile(values, share)) / 1000;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

function whyLost({ ours, plainRoute53 }: SeedFigures): readonly string[] {
  const [own, plain] = [slowest(ours.clientRtoSeconds), slowest(plainRoute53.clientRtoSeconds)];
  return [
    ...(ours.status === 'SUCCEEDED' ? [] : [`the failover ended ${ours.status}`]),
    ...(ours.firstChangedAnswerSeconds === null ? ['no answer changed'] : []),
    ...ours.broken.map((text) => `did not hold: ${text}`),
    ...(own < plain ? [] : [`client RTO p99 ${own} s, under plain Route 53 ${plain} s`]),
  ];
}

function slowest(clientRtoSeconds: readonly number[]): number {
  return spread(clientRtoSeconds).p99 ?? Number.POSITIVE_INFINITY;
}
