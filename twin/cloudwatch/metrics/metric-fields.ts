import * as z from 'zod';
import { printableText } from '../text-fields.ts';
import { STANDARD_UNITS } from './standard-unit.ts';

// Fields that name a metric, in data, queries and alarms alike. Lengths: API model.

/** `Namespace`, 1 to 255 characters. */
export const NAMESPACE = printableText(255).refine((text) => !text.startsWith(':'), 'must not start with a colon');
/** `MetricName`, 1 to 255 characters. */
export const METRIC_NAME = printableText(255);
/** `Unit`. */
export const UNIT = z.enum(STANDARD_UNITS);
/** `Dimensions`, up to 30, each name once. */
export const DIMENSIONS = z
  .array(z.strictObject({ Name: printableText(255), Value: printableText(1024) }))
  .max(30)
  .refine(
    (dimensions) => new Set(dimensions.map(({ Name }) => Name)).size === dimensions.length,
    'must not name a dimension twice',
  );
