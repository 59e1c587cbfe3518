/**
 * Names of statistics, as in `Statistic`, `ExtendedStatistic` and `MetricStat.Stat`.
 *
 * Sources: User Guide, page Statistics-definitions; for the exact grammar the API model, `AnomalyDetectorMetricStat`.
 */
export const SIMPLE_STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
/** The name of a statistic that `Statistic` takes. */
export type SimpleStatistic = (typeof SIMPLE_STATISTICS)[number];

/** Two boundaries, as percentages of the ordered samples or as values of the metric; an absent one is open. */
export interface Bounds {
  readonly unit: 'percent' | 'value';
  readonly lower?: number;
  readonly upper?: number;
}

/** What is made of the samples within two boundaries: TM, WM, TC, TS. */
export type TrimmedMeasure = 'mean' | 'winsorized-mean' | 'count' | 'sum';

/** A statistic, read. */
export type Statistic =
  | { readonly kind: 'simple'; readonly name: SimpleStatistic }
  /** `percent`: 0 to 100. */
  | { readonly kind: 'percentile'; readonly percent: number }
  | { readonly kind: 'trimmed'; readonly measure: TrimmedMeasure; readonly bounds: Bounds }
  | { readonly kind: 'percentile-rank'; readonly bounds: Bounds };

/** What a statistic may be called, for an error message. */
export const STATISTIC_FORMS =
  'SampleCount, Average, Sum, Minimum, Maximum, p95, p99.9, tm90, wm98, tc90, ts90, IQM, ' +
  'TM(10%:90%), TM(150:1000), WM(…), TC(…), TS(…), PR(100:2000)';

/** The page that defines the names. */
export const STATISTICS_PAGE = 'User Guide, Statistics-definitions';

const MEASURES: Readonly<Record<string, TrimmedMeasure>> = {
  TM: 'mean',
  WM: 'winsorized-mean',
  TC: 'count',
  TS: 'sum',
};

/** One number: `p95`, `tm99.9`. Up to ten decimals. */
const SINGLE_NUMBER = /^(p|tm|wm|tc|ts)(\d{1,2}(?:\.\d{0,10})?|100)$/;
/** Two numbers in brackets, either of which may be left out, but not both. */
const RANGE = /^(TM|WM|TC|TS|PR)\(([^:()]*):([^:()]*)\)$/;
const PERCENTAGE = /^(?:\d{1,2}(?:\.\d{0,10})?|100(?:\.0{0,10})?)%$/;
const VALUE = /^\d+(?:\.\d{0,10})?(?:[Ee][+-]?\d+)?$/;

/** Reads the name of a statistic; undefined for anything that is not one. Names are case-sensitive, as in the API. */
export function parseStatistic(text: string): Statistic | undefined {
  if (isSimpleStatistic(text)) return { kind: 'simple', name: text };
  if (text === 'IQM') return trimmed('mean', { unit: 'percent', lower: 25, upper: 75 });

  const single = SINGLE_NUMBER.exec(text);
  if (single !== null) return singleNumberStatistic(single[1] ?? '', Number(single[2]));

  const range = RANGE.exec(text);
  return range === null ? undefined : rangeStatistic(range[1] ?? '', range[2] ?? '', range[3] ?? '');
}

/** True for the five that `Statistic` takes and `ExtendedStatistic` does not. */
export function isSimpleStatistic(text: string): text is SimpleStatistic {
  return (SIMPLE_STATISTICS as readonly string[]).includes(text);
}

/** `tm99` is the same as `TM(:99%)`. */
function singleNumberStatistic(prefix: string, percent: number): Statistic | undefined {
  if (prefix === 'p') return { kind: 'percentile', percent };
  const measure = MEASURES[prefix.toUpperCase()];
  return measure === undefined ? undefined : trimmed(measure, { unit: 'percent', upper: percent });
}

function rangeStatistic(prefix: string, lower: string, upper: string): Statistic | undefined {
  const bounds = parseBounds([lower, upper], 'percent') ?? parseBounds([lower, upper], 'value');
  if (bounds === undefined) return undefined;
  if (prefix === 'PR') return bounds.unit === 'value' ? { kind: 'percentile-rank', bounds } : undefined;
  const measure = MEASURES[prefix];
  return measure === undefined ? undefined : trimmed(measure, bounds);
}

function parseBounds([lower, upper]: readonly [string, string], unit: Bounds['unit']): Bounds | undefined {
  const form = unit === 'percent' ? PERCENTAGE : VALUE;
  if (lower === '' && upper === '') return undefined;
  if (![lower, upper].every((text) => text === '' || form.test(text))) return undefined;
  return {
    unit,
    ...(lower === '' ? {} : { lower: Number.parseFloat(lower) }),
    ...(upper === '' ? {} : { upper: Number.parseFloat(upper) }),
  };
}

function trimmed(measure: TrimmedMeasure, bounds: Bounds): Statistic {
  return { kind: 'trimmed', measure, bounds };
}
