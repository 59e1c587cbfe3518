import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { PLANNED_POLL_SECONDS } from '../../core/operation/polling.ts';
import type { LookingContext } from '../../core/ports.ts';
import { assertCurrentServes } from '../assert-current-serves.ts';
import { type CopySight, lookAtCopy } from '../look-at-copy.ts';

type Context = LookingContext<'coordination' | 'clock'>;

/**
 * Looks before the writer is fenced whether the returning Region's copy has all but what is on its way: the gates looked a
 * whole ladder ago, and nobody may write while a switchover waits for the rest.
 *
 * @returns seconds to wait before the next look; undefined where the writer may be moved
 * @throws {OperationError} `DataNotCaughtUpError` after `failover.lagMinutes`; `CurrentRegionFailedError` where the Region
 * that serves has itself failed.
 */
export async function awaitCopy(context: Context, journal: Journal): Promise<number | undefined> {
  const { source: current, target: original } = journal.record.request;
  // Whoever resumes a move that has begun finds the right to write taken already: waiting would give nobody anything.
  if ((await journal.readState()).writerRegion !== current) return undefined;
  await assertCurrentServes(context, journal);
  const sight = await lookAtCopy(context, { into: original, from: current });
  if (sight.problem === undefined) {
    if (linesOf(journal).at(-1)?.outcome === 'waiting') await journal.add('done', { copyIn: original, ...sight });
    return undefined;
  }
  await refuseAfterDeadline(context, journal, { ...sight, problem: sight.problem });
  return PLANNED_POLL_SECONDS;
}

function linesOf({ record }: Journal): Journal['record']['events'] {
  return record.events.filter(({ step, detail }) => step === 'climb-ladder' && 'copyIn' in detail);
}

/** Counted from the first look since the copy was last near enough, or since it was given up. */
async function refuseAfterDeadline(
  { config, ports }: Context,
  journal: Journal,
  sight: CopySight & { readonly problem: string },
): Promise<void> {
  const copyIn = journal.record.request.target;
  const lines = linesOf(journal);
  const first = lines.slice(lines.findLastIndex(({ outcome }) => outcome !== 'waiting') + 1)[0];
  if (first === undefined) await journal.add('waiting', { copyIn, ...sight });
  const nowEpochMs = ports.clock.nowEpochMs();
  const waitedSeconds = Math.round((nowEpochMs - (first?.atEpochMs ?? nowEpochMs)) / 1000);
  const { lagMinutes } = config.failover;
  if (waitedSeconds < lagMinutes * 60) return;
  await journal.add('refused', { copyIn, ...sight });
  throw new OperationError(
    'DataNotCaughtUpError',
    `the data writer was not moved: after ${waitedSeconds} s (failover.lagMinutes allows ${lagMinutes} min) ${sight.problem}; find what holds back replication and start the failback again`,
  );
}
