import type { GetMetricDataCommandInput, PutMetricDataCommandInput } from '@aws-sdk/client-cloudwatch';
import { RefusedInputError } from '../../core/errors.ts';
import type { CloudWatchTwin } from '../cloudwatch/cloudwatch-twin.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** The CloudWatch API of every Region. */
export function createCloudWatchHandlers(
  cloudWatchIn: (region: string) => CloudWatchTwin,
  now: () => number,
): ServiceHandlers {
  return {
    GetMetricData: (input: GetMetricDataCommandInput, { region }: AwsCall) =>
      refusable(() => cloudWatchIn(region).getMetricData(input, now())),
    PutMetricData: (input: PutMetricDataCommandInput, { region }: AwsCall) =>
      refusable(() => cloudWatchIn(region).putMetricData(input, now())),
  };
}

function refusable<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof RefusedInputError) throw new ServiceError(error.code, error.message);
    throw error;
  }
}
