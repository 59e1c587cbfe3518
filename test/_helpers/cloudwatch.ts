import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { PointKind } from '../../twin/cloudwatch/missing-data.ts';

/** A range as the missing-data page writes it, newest on the right: `0 - X - X`; the result has the newest first. */
export function rangeFromPage(row: string): readonly PointKind[] {
  const kinds: Readonly<Record<string, PointKind>> = { '0': 'notBreaching', X: 'breaching', '-': 'missing' };
  return row
    .split(' ')
    .map((mark) => {
      const kind = kinds[mark];
      if (kind === undefined) throw new Error(`no mark of the page: ${mark}`);
      return kind;
    })
    .reverse();
}

/** A metric alarm that PutMetricAlarm takes: Sum of Switchyard/errors above 0 in 3 of 3 minutes. */
export function metricAlarmInput(changes: Partial<PutMetricAlarmCommandInput> = {}): PutMetricAlarmCommandInput {
  return {
    AlarmName: 'errors',
    Namespace: 'Switchyard',
    MetricName: 'errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    ...changes,
  };
}
