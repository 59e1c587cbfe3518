import { isReplicated } from '../../core/config/data-tier.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { plannedLagProblem } from '../../core/operation/planned.ts';
import { PLANNED_POLL_SECONDS } from '../../core/operation/polling.ts';
import type { LagReading, LookingContext } from '../../core/ports.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { assertSourceServes } from '../assert-current-serves.ts';
import { journalFor } from '../step-journal.ts';

type Context = LookingContext<'coordination' | 'clock'>;

const DONE: PollOutput = { done: true, waitSeconds: 0 };

/**
 * Waits before planned work until the target has all that the source has written but what is on its way: a switchover
 * waits for the rest, and nobody may write while it does.
 *
 * @throws {OperationError} `NotPreparedError` where the lag is too long after `failover.lagMinutes`, or not measured;
 * `CurrentRegionFailedError` where the source fails meanwhile.
 */
export function createAwaitLag(context: Context): (input: StepInput) => Promise<PollOutput> {
  const { config, ports } = context;
  return async (input) => {
    const journal = await journalFor('await-lag', context, input);
    if (journal.find('done') !== undefined || journal.find('skipped') !== undefined) return DONE;
    if (!isReplicated(config.data)) {
      await journal.add('skipped', { reason: 'the config names nothing that replicates' });
      return DONE;
    }
    await assertSourceServes(context, journal);
    const { target, source } = input.operation;
    const reading = await ports.dataTier.replicationLag(target, source);
    const problem = plannedLagProblem(config.data, reading, ports.clock.nowEpochMs());
    const measured = reading === undefined ? {} : { lagSeconds: reading.seconds, ...measuredAt(reading) };
    if (problem === undefined) {
      await journal.add('done', measured);
      return DONE;
    }
    await refuseAfterDeadline(context, journal, { problem, measured });
    return { done: false, waitSeconds: PLANNED_POLL_SECONDS };
  };
}

function measuredAt({ measuredAtEpochMs }: LagReading): { readonly lagMeasuredAtEpochMs: number } {
  return { lagMeasuredAtEpochMs: measuredAtEpochMs };
}

async function refuseAfterDeadline(
  { config, ports }: Context,
  journal: Journal,
  { problem, measured }: { problem: string; measured: Readonly<Record<string, unknown>> },
): Promise<void> {
  const sinceEpochMs = await journal.firstLook({ reason: problem, ...measured });
  const waitedMinutes = (ports.clock.nowEpochMs() - sinceEpochMs) / 60_000;
  if (waitedMinutes < config.failover.lagMinutes) return;
  throw new OperationError(
    'NotPreparedError',
    `${problem} after ${Math.round(waitedMinutes)} min (failover.lagMinutes); find what holds back replication and start the planned work again`,
  );
}
