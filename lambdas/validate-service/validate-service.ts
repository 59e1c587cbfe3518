import { assess } from '../../core/health/assess.ts';
import { OperationError } from '../../core/operation/errors.ts';
import { LATE_PERIODS, rateLeft, recentTraffic, sharePercent, shiftedAtEpochMs } from '../../core/operation/measure.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import { judgeService, type ServiceSight } from '../../core/operation/verify.ts';
import type { StepContext, TrafficReading } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'traffic'>;

/**
 * Looks whether the target serves well what it carries: errors, latency, critical checks. What is left on the old Region
 * is a TTL tail, reported and not failed.
 *
 * @throws {OperationError} `ServiceNotValidError` after the configured number of looks.
 */
export function createValidateService(context: Context): (input: StepInput) => Promise<PollOutput> {
  const { config } = context;
  return async (input) => {
    const journal = await journalFor('validate-service', context, input);
    if (journal.find('done') !== undefined) return { done: true, waitSeconds: 0 };
    const { assessment, ...measured } = await lookAtService(context, journal.record);
    const result = judgeService(config, { assessment, ...measured });
    if (result.passed) {
      await journal.add('done', { ...measured, notes: result.notes });
      return { done: true, waitSeconds: 0 };
    }
    await journal.add('waiting', { ...measured, reasons: result.reasons });
    if (journal.count('waiting') >= config.failover.verifyAttempts) {
      throw new OperationError(
        'ServiceNotValidError',
        `after ${config.failover.verifyAttempts} looks ${result.reasons.join('; ')}`,
      );
    }
    return { done: false, waitSeconds: config.failover.verifyIntervalSeconds };
  };
}

async function lookAtService({ config, ports }: Context, record: OperationRecord): Promise<ServiceSight> {
  const { source, target } = record.request;
  const sinceEpochMs = shiftedAtEpochMs(record);
  const { periodSeconds } = config.traffic;
  const nowEpochMs = ports.clock.nowEpochMs();
  const newestPeriod = (region: string): Promise<TrafficReading | undefined> =>
    recentTraffic(ports.traffic, {
      region,
      nowEpochMs,
      periodSeconds,
      periods: 1,
      latePeriods: LATE_PERIODS,
      sinceEpochMs,
    });
  const [{ reports }, there, left] = await Promise.all([
    ports.coordination.readSituation(),
    newestPeriod(target),
    newestPeriod(source),
  ]);
  const share = sharePercent(there?.requestsPerSecond, rateLeft(left, 'requestsPerSecond'));
  return {
    assessment: assess(config, { subject: target, reports, nowEpochMs }),
    ...(there?.errorRate === undefined ? {} : { errorPercent: there.errorRate * 100 }),
    ...(there?.p95Milliseconds === undefined ? {} : { p95Milliseconds: there.p95Milliseconds }),
    ...(share === undefined ? {} : { sharePercent: share }),
  };
}
