import * as z from 'zod';
import { regionId } from '../fields.ts';
import { regional } from '../regional-field.ts';
import { commonFields } from './common-fields.ts';
import { limitFields } from './limits.ts';

/**
 * Periods of high resolution; all others are whole minutes.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html (Period)
 */
const SHORT_PERIODS: readonly number[] = [1, 5, 10, 20, 30];
const MOST_PERIOD_SECONDS = 3600;
/** Dimensions of a metric: API_Metric in the CloudWatch API Reference. */
const MOST_DIMENSIONS = 30;

const text = z.string().min(1).max(255);

/** The Region whose CloudWatch holds a metric. */
export const metricRegion = regionId
  .optional()
  .describe('Region whose CloudWatch holds the metric; the Region that is looked at where not given.');

/** Looks at any metric. */
export const cloudWatchCheck = z
  .strictObject({
    kind: z.literal('cloudwatch'),
    ...commonFields,
    namespace: text.describe('CloudWatch namespace, such as `AWS/ApplicationELB`.'),
    metric: text.describe('Name of the metric.'),
    dimensions: z
      .record(z.string().min(1).max(255), regional(text))
      .refine((dimensions) => Object.keys(dimensions).length <= MOST_DIMENSIONS, {
        error: `has too many entries; allowed: at most ${MOST_DIMENSIONS}`,
      })
      .default({})
      .describe('Its dimensions, all of them, by name.'),
    statistic: z
      .string()
      .regex(/^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d{1,10})?|p100)$/, {
        error:
          'is not a statistic; allowed: Average, Sum, Minimum, Maximum, SampleCount, or a percentile such as "p99"',
      })
      .describe('How the values of a period become one.'),
    periodSeconds: z
      .int()
      .min(1)
      .max(MOST_PERIOD_SECONDS, { abort: true })
      .refine((period) => period % 60 === 0 || SHORT_PERIODS.includes(period), {
        error: `is no period; allowed: ${SHORT_PERIODS.join(', ')}, or whole minutes`,
      })
      .default(60)
      .describe('Length of a period; below 60 for metrics of high resolution alone.'),
    ...limitFields,
    region: metricRegion,
  })
  .describe('The newest full period of any CloudWatch metric.');

const baseUrl = z.url({
  protocol: /^https?$/,
  error: 'is no base URL; allowed: "https://host/path" or "http://host:port"',
});

/** Asks a Prometheus server. */
export const prometheusCheck = z
  .strictObject({
    kind: z.literal('prometheus'),
    ...commonFields,
    url: regional(baseUrl).describe('Base URL of the server; `/api/v1/query` is added to its path.'),
    query: regional(z.string().min(1).max(4096)).describe('Query in PromQL that gives one value.'),
    ...limitFields,
  })
  .describe('The one value that an instant query gives.');
