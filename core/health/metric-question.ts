import type { Check, CheckOf } from '../config/check-field.ts';
import { type Regional, textFor } from '../config/regional.ts';
import type { ValueLimit } from '../config/value-limit.ts';
import { isLagCheck, type LagKind, READY_MADE_METRICS, ROUTE53_METRIC } from './ready-made-metrics.ts';

/** One metric of CloudWatch, and how the values of a period become one. */
export interface MetricQuestion {
  /** The Region whose CloudWatch is asked. */
  readonly region: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  readonly periodSeconds: number;
}

/** What a check asks CloudWatch, and how its answer is judged. */
export interface MetricTest {
  readonly question: MetricQuestion;
  readonly limit: ValueLimit;
  /** How many of the metric's unit make one of the limit's. */
  readonly perUnit: number;
}

/** Kinds of checks that are answered by one metric of CloudWatch. */
export type MetricCheck = CheckOf<'cloudwatch' | 'route53' | LagKind>;

/** Whether a check asks CloudWatch for one metric. */
export function isMetricCheck(check: Check): check is MetricCheck {
  return check.kind === 'cloudwatch' || check.kind === 'route53' || isLagCheck(check);
}

/** Minutes are what every service publishes. */
const PERIOD_SECONDS = 60;

/** Length of the periods that a check looks at. */
export function periodSecondsOf(check: MetricCheck): number {
  return check.kind === 'cloudwatch' ? check.periodSeconds : PERIOD_SECONDS;
}

/** What a check asks about a Region. */
export function metricTestOf(check: MetricCheck, subject: string): MetricTest {
  if (check.kind === 'cloudwatch') return ofAnyMetric(check, subject);
  if (check.kind === 'route53') return ofHealthCheck(check, subject);
  const { namespace, metric, dimensions, statistic, perSecond } = READY_MADE_METRICS[check.kind];
  const fields = check as unknown as Readonly<Record<string, Regional>>;
  return {
    question: {
      region: check.region ?? subject,
      namespace,
      metric,
      dimensions: Object.fromEntries(
        Object.entries<string>(dimensions).map(([name, field]) => [name, textFor(fields[field] ?? '', subject)]),
      ),
      statistic,
      periodSeconds: PERIOD_SECONDS,
    },
    limit: { above: check.aboveSeconds },
    perUnit: perSecond,
  };
}

function ofAnyMetric(check: CheckOf<'cloudwatch'>, subject: string): MetricTest {
  const { namespace, metric, statistic, periodSeconds, above, below, region = subject } = check;
  const dimensions = Object.fromEntries(
    Object.entries(check.dimensions).map(([name, value]) => [name, textFor(value, subject)]),
  );
  return {
    question: { region, namespace, metric, dimensions, statistic, periodSeconds },
    limit: { above, below },
    perUnit: 1,
  };
}

function ofHealthCheck({ healthCheck }: CheckOf<'route53'>, subject: string): MetricTest {
  const { region, namespace, metric, dimension, statistic } = ROUTE53_METRIC;
  const dimensions = { [dimension]: textFor(healthCheck, subject) };
  return {
    question: { region, namespace, metric, dimensions, statistic, periodSeconds: PERIOD_SECONDS },
    limit: { below: 1 },
    perUnit: 1,
  };
}
