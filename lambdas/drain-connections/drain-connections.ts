import { LATE_PERIODS, recentTraffic } from '../../core/operation/measure.ts';
import { PLANNED_POLL_SECONDS } from '../../core/operation/polling.ts';
import type { StepContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

const DONE: PollOutput = { done: true, waitSeconds: 0 };

/**
 * Gives connections that clients keep to the source the time to end, once its traffic has moved: until then the source
 * goes on serving them, and the operation does not say that it may be worked on. Says what still reached it in the end.
 */
export function createDrainConnections(
  context: StepContext<'coordination' | 'clock' | 'traffic'>,
): (input: StepInput) => Promise<PollOutput> {
  const { config, ports } = context;
  const { drainSeconds } = config.failover;
  return async (input) => {
    const journal = await journalFor('drain-connections', context, input);
    if (journal.find('done') !== undefined) return DONE;
    const sinceEpochMs = await journal.firstLook({ drainSeconds });
    const leftSeconds = Math.ceil(drainSeconds - (ports.clock.nowEpochMs() - sinceEpochMs) / 1000);
    if (leftSeconds > 0) return { done: false, waitSeconds: Math.min(leftSeconds, PLANNED_POLL_SECONDS) };
    const reading = await recentTraffic(ports.traffic, {
      region: input.operation.source,
      nowEpochMs: ports.clock.nowEpochMs(),
      periodSeconds: config.traffic.periodSeconds,
      periods: 1,
      latePeriods: LATE_PERIODS,
    });
    const left = reading?.requestsPerSecond;
    await journal.add('done', { drainSeconds, ...(left === undefined ? {} : { leftRequestsPerSecond: left }) });
    return DONE;
  };
}
