import type { AlarmStateChangeEvent } from '../cloudwatch/alarms/state-change-event.ts';
import { type CloudWatchTwin, createCloudWatchTwin } from '../cloudwatch/cloudwatch-twin.ts';
import type { TwinClock } from '../virtual-clock.ts';

/** The CloudWatch of each Region, made when something first looks there. */
export function createCloudWatches(
  clock: TwinClock,
  accountId: string,
  onStateChange: (event: AlarmStateChangeEvent) => void,
): (region: string) => CloudWatchTwin {
  const known = new Map<string, CloudWatchTwin>();
  let ids = 0;
  return (region) => {
    const twin =
      known.get(region) ??
      createCloudWatchTwin({
        region,
        accountId,
        now: clock.worldNow,
        at: clock.queue.at,
        newId: () => `event-${++ids}`,
        onStateChange,
      });
    known.set(region, twin);
    return twin;
  };
}
