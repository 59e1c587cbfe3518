import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';

/** One value of a metric. */
export interface Datapoint {
  readonly value: number;
  /** Beginning of its period. */
  readonly at: Date;
}

/** The newest datapoint of a result, in whatever order they came; undefined where there is none. */
export function newestDatapoint({ Timestamps = [], Values = [] }: MetricDataResult = {}): Datapoint | undefined {
  const points = Timestamps.flatMap((at, index): readonly Datapoint[] => {
    const value = Values[index];
    return value === undefined ? [] : [{ value, at }];
  });
  return points.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
}
