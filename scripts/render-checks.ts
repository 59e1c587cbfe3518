import * as z from 'zod';
import { checkSchema } from '../core/config/check-field.ts';
import { commonFields } from '../core/config/check-kinds/common-fields.ts';
import { READY_MADE_METRICS, ROUTE53_METRIC } from '../core/health/ready-made-metrics.ts';
import { markdownTable } from './markdown-table.ts';
import { fieldRows } from './render-configuration.ts';

/** What each kind of check measures. */
export function renderCheckKinds(): string {
  return markdownTable(
    ['kind', 'what it measures'],
    checkSchema.options.map((option) => [`\`${kindOf(option)}\``, option.description ?? '']),
  );
}

/** Fields that every kind has. */
export function renderCommonFields(): string {
  return markdownTable(['field', 'allowed', 'default', 'meaning'], fieldRows(z.strictObject(commonFields)));
}

/** Fields that a kind has besides those. */
export function renderCheckFields(): string {
  const shared = new Set(['`kind`', ...Object.keys(commonFields).map((field) => `\`${field}\``)]);
  const rows = checkSchema.options.flatMap((option) =>
    fieldRows(option)
      .filter(([field = '']) => !shared.has(field))
      .map((row) => [`\`${kindOf(option)}\``, ...row]),
  );
  return markdownTable(['kind', 'field', 'allowed', 'default', 'meaning'], rows);
}

/** The metric behind each kind that has one of its own. */
export function renderReadyMadeMetrics(): string {
  const rows = Object.entries(READY_MADE_METRICS).map(([kind, entry]) => [
    `\`${kind}\``,
    `\`${entry.namespace}\` \`${entry.metric}\``,
    Object.entries<string>(entry.dimensions)
      .map(([dimension, field]) => `\`${dimension}\` = \`${field}\``)
      .join(', '),
    entry.statistic,
    entry.perSecond === 1 ? 'seconds' : 'milliseconds',
    entry.withoutData,
    `[page](${entry.source})`,
  ]);
  const { namespace, metric, dimension, statistic, region } = ROUTE53_METRIC;
  const verdict = [
    '`route53`',
    `\`${namespace}\` \`${metric}\``,
    `\`${dimension}\` = \`healthCheck\``,
    statistic,
    '1 or 0',
  ];
  const page = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-cloudwatch.html';
  return markdownTable(
    ['kind', 'metric', 'dimensions', 'statistic of a minute', 'unit', 'no data', 'source'],
    [...rows, [...verdict, `where ${region} does not answer`, `[page](${page})`]],
  );
}

function kindOf(option: (typeof checkSchema.options)[number]): string {
  return option.shape.kind.value;
}
