import type { PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { RefusedInputError } from '../../../core/errors.ts';
import type { MetricStore } from './metric-store.ts';
import { parseMetricData } from './parse-metric-data.ts';

/** `PutMetricData`: all data of a call, or none. Throws a RefusedInputError with every problem. */
export function putMetricData(store: MetricStore, input: PutMetricDataCommandInput, nowMs: number): void {
  const parsed = parseMetricData(input, nowMs);
  if ('problems' in parsed) throw new RefusedInputError('PutMetricData', parsed.problems, 'InvalidParameterValue');
  for (const datum of parsed.data) store.put(datum, nowMs);
}
