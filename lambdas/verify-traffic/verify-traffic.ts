import { OperationError } from '../../core/operation/errors.ts';
import { LATE_PERIODS, recentTraffic, shiftedAtEpochMs } from '../../core/operation/measure.ts';
import { findEvent } from '../../core/operation/operation-record.ts';
import { judgeTraffic } from '../../core/operation/verify.ts';
import type { StepContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

/**
 * Looks whether the traffic has arrived at the target: enough requests, or enough of what there was before.
 *
 * @throws {OperationError} `TrafficNotArrivedError` after the configured number of looks.
 */
export function createVerifyTraffic(
  context: StepContext<'coordination' | 'clock' | 'traffic'>,
): (input: StepInput) => Promise<PollOutput> {
  const { config, ports } = context;
  return async (input) => {
    const journal = await journalFor('verify-traffic', context, input);
    if (journal.find('done') !== undefined) return { done: true, waitSeconds: 0 };
    const before = findEvent(journal.record, 'validate-target', 'done')?.detail['loadRequestsPerSecond'];
    const reading = await recentTraffic(ports.traffic, {
      region: input.operation.target,
      nowEpochMs: ports.clock.nowEpochMs(),
      periodSeconds: config.traffic.periodSeconds,
      periods: 1,
      latePeriods: LATE_PERIODS,
      sinceEpochMs: shiftedAtEpochMs(journal.record),
    });
    const target = reading?.requestsPerSecond;
    const seen = { ...(target === undefined ? {} : { target }), ...(typeof before === 'number' ? { before } : {}) };
    const result = judgeTraffic(config, seen);
    if (result.passed) {
      await journal.add('done', seen);
      return { done: true, waitSeconds: 0 };
    }
    await journal.add('waiting', { ...seen, reasons: result.reasons });
    if (journal.count('waiting') >= config.failover.verifyAttempts) {
      throw new OperationError(
        'TrafficNotArrivedError',
        `after ${config.failover.verifyAttempts} looks ${result.reasons.join('; ')}`,
      );
    }
    return { done: false, waitSeconds: config.failover.verifyIntervalSeconds };
  };
}
