import { matchingRow } from '../core/decision/decide.ts';
import { assess } from '../core/health/assess.ts';
import { isCertain } from '../core/health/certainty.ts';
import { OperationError } from '../core/operation/errors.ts';
import type { Journal } from '../core/operation/journal.ts';
import type { StepContext } from '../core/ports.ts';

/**
 * Ends a failback whose current Region has itself failed, by the rows that leave a Region by themselves. A failover to
 * the original Region takes over, so switch and weights stay as they are.
 *
 * @throws {OperationError} `CurrentRegionFailedError` naming the row and its reason.
 */
export async function assertCurrentServes(
  { config, ports }: StepContext<'coordination' | 'clock'>,
  journal: Journal,
): Promise<void> {
  const { kind, request } = journal.record;
  if (kind !== 'failback') return;
  const { reports } = await ports.coordination.readSituation();
  const current = assess(config, { subject: request.source, reports, nowEpochMs: ports.clock.nowEpochMs() });
  const row = matchingRow(current);
  if (row.outcome !== 'AUTOMATIC_FAILOVER') return;
  const reason = `${row.id}: ${row.reason(current)}`;
  await journal.add('refused', { reasons: [reason], currentRegionFailed: true });
  throw new OperationError('CurrentRegionFailedError', `${request.source} has itself failed: ${reason}`);
}

/**
 * Makes sure that the current Region can be leant on: what broke the failback may be the first sign of its death, which
 * observers need some rounds to agree on.
 *
 * @throws {OperationError} `CurrentRegionUnclearError` until a quorum has looked again and is of one mind;
 * `CurrentRegionFailedError` where that mind is that it failed.
 */
export async function assertCurrentCertain(
  context: StepContext<'coordination' | 'clock'>,
  journal: Journal,
): Promise<void> {
  await assertCurrentServes(context, journal);
  const { events, request } = journal.record;
  const last = events.at(-1);
  const asked = journal.find('waiting');
  if (asked === undefined || asked !== last) await journal.add('waiting', { for: `a new look at ${request.source}` });
  const sinceEpochMs = journal.find('waiting')?.atEpochMs ?? context.ports.clock.nowEpochMs();
  const { reports } = await context.ports.coordination.readSituation();
  if (isCertain(context.config, { subject: request.source, reports, sinceEpochMs })) return;
  throw new OperationError('CurrentRegionUnclearError', `it is not clear yet whether ${request.source} still serves`, {
    retryable: true,
  });
}
