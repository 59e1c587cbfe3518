import type { AlarmStateChangeEvent } from '../cloudwatch/alarms/state-change-event.ts';
import { type CloudWatchTwin, createCloudWatchTwin } from '../cloudwatch/cloudwatch-twin.ts';
import type { TwinClock } from '../virtual-clock.ts';

/** CloudWatch of each Region, there once it is asked for. */
export function createCloudWatches(
  { clock, account }: { readonly clock: TwinClock; readonly account: string },
  onStateChange: (event: AlarmStateChangeEvent) => void,
): (region: string) => CloudWatchTwin {
  const known = new Map<string, CloudWatchTwin>();
  let ids = 0;
  return (region) => {
    const twin =
      known.get(region) ??
      createCloudWatchTwin({
        region,
        accountId: account,
        now: clock.worldNow,
        at: clock.queue.at,
        newId: () => `event-${++ids}`,
        onStateChange,
      });
    known.set(region, twin);
    return twin;
  };
}
