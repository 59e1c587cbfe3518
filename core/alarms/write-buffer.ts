import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type AlarmSite, above, type CompiledAlarm, dimensionsOf } from './definition.ts';
import { named } from './naming.ts';

const ID = 'writes-waiting';
/** Amazon SQS publishes the age of the oldest message every five minutes at least: sqs-available-cloudwatch-metrics. */
const PERIOD_SECONDS = 300;
/** A failover is promised within minutes; a write that has waited for an hour waits for something else (assumed). */
const WAITING_TOO_LONG_SECONDS = 3600;

/** An alarm on the queue of waiting writes, where there is one. */
export function writeBufferAlarms(
  site: AlarmSite<Pick<ResolvedConfig, 'application' | 'writeBuffer'>>,
): readonly CompiledAlarm[] {
  const { config, region } = site;
  if (config.writeBuffer === undefined) return [];
  const definition = {
    ...named(site, {
      id: ID,
      says: `Writes of ${config.application} in ${region} have been waiting for an hour`,
      runbook: ID,
    }),
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: dimensionsOf({ QueueName: names.writeBuffer(config) }),
    Statistic: 'Maximum' as const,
    Period: PERIOD_SECONDS,
    // Published only while something waits.
    ...above(WAITING_TOO_LONG_SECONDS, { periods: 1, missing: 'notBreaching' }),
  };
  return [{ kind: 'metric', id: ID, runbook: ID, tellsPeople: true, wakesObserver: false, definition }];
}
