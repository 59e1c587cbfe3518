import { automaticReason, matchingRow } from '../core/decision/decide.ts';
import { assessIn } from '../core/decision/decide-on.ts';
import { ERROR_ROW } from '../core/decision/table.ts';
import type { Assessment } from '../core/health/assess.ts';
import { isCertain } from '../core/health/certainty.ts';
import { measurementLifeMs } from '../core/health/metric-series.ts';
import type { ObserverReport } from '../core/health/report.ts';
import type { ApplicationState } from '../core/operation/application-state.ts';
import { OperationError } from '../core/operation/errors.ts';
import type { Journal } from '../core/operation/journal.ts';
import type { OperationRequest } from '../core/operation/request.ts';
import { nobodyWroteUntil } from '../core/operation/writer-move.ts';
import type { StepContext } from '../core/ports.ts';

type Context = StepContext<'coordination' | 'clock'>;

/**
 * Ends a failback whose current Region has itself failed, by the rows that leave a Region by themselves. A failover to
 * the original Region takes over, so switch and weights stay as they are. Once neither writer nor traffic is left in the
 * current Region there is nothing to take over: the failback goes on.
 *
 * @throws {OperationError} `CurrentRegionFailedError` naming the row and its reason.
 */
export async function assertCurrentServes(context: Context, journal: Journal): Promise<void> {
  if (journal.record.kind === 'failback') await reportsWhereServing(context, journal, hasLeft);
}

function hasLeft({ writerRegion, weights }: ApplicationState, { source, target }: OperationRequest): boolean {
  return writerRegion === target && weights[source] === 0;
}

/**
 * Ends planned work whose source has itself failed before anything was moved: an automatic failover is to leave it.
 *
 * @throws {OperationError} `CurrentRegionFailedError` naming the row and its reason.
 */
export async function assertSourceServes(context: Context, journal: Journal): Promise<void> {
  await reportsWhereServing(context, journal);
}

/**
 * Makes sure that the current Region can be leant on: what broke the failback may be the first sign of its death, which
 * observers need some rounds to agree on.
 *
 * @throws {OperationError} `CurrentRegionUnclearError` until a quorum has looked again and is of one mind;
 * `CurrentRegionFailedError` where that mind is that it failed.
 */
export async function assertCurrentCertain(context: Context, journal: Journal): Promise<void> {
  const { source } = journal.record.request;
  const reports = await reportsWhereServing(context, journal);
  // A line of an earlier retreat has others after it by now.
  if (journal.record.events.at(-1) !== journal.find('waiting'))
    await journal.add('waiting', { for: `a new look at ${source}` });
  const sinceEpochMs = journal.find('waiting')?.atEpochMs ?? context.ports.clock.nowEpochMs();
  if (isCertain(context.config, { subject: source, reports, sinceEpochMs })) return;
  throw new OperationError('CurrentRegionUnclearError', `it is not clear yet whether ${source} still serves`, {
    retryable: true,
  });
}

/**
 * What observers report, unless that is that the current Region has failed.
 *
 * @param isLeft says of the state whether that would end nothing. @default - it always ends something
 */
async function reportsWhereServing(
  { config, ports }: Context,
  journal: Journal,
  isLeft: typeof hasLeft = () => false,
): Promise<readonly ObserverReport[]> {
  const { request } = journal.record;
  const { source } = request;
  const situation = await ports.coordination.readSituation();
  if (isLeft(situation.state, request)) return situation.reports;
  const nowEpochMs = ports.clock.nowEpochMs();
  const assessment = assessIn(config, situation, { subject: source, nowEpochMs });
  const reason = automaticReason(assessment, config);
  if (reason === undefined || isOfOwnFence(config, assessment, nobodyWroteUntil(journal.record, nowEpochMs)))
    return situation.reports;
  await journal.add('refused', { reasons: [reason], currentRegionFailed: true });
  throw new OperationError('CurrentRegionFailedError', `${source} has itself failed: ${reason}`);
}

/**
 * Whether the errors that a Region is judged by are those of writes that this operation's own fence refuses, or refused within
 * the time that the row looks back on.
 */
function isOfOwnFence(
  config: Context['config'],
  assessment: Assessment,
  refusedUntilEpochMs: number | undefined,
): boolean {
  if (refusedUntilEpochMs === undefined || matchingRow(assessment, config).id !== ERROR_ROW) return false;
  const looksBackMs = config.policy.errorMinutes * 60_000 + measurementLifeMs(config);
  return assessment.assessedAtEpochMs <= refusedUntilEpochMs + looksBackMs;
}
