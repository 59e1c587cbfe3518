import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import {
  needsLowerTtl,
  PLANNED_TTL_SECONDS,
  TTL_IN_FORCE_SECONDS,
  TTL_LEAD_SECONDS,
} from '../../core/operation/planned.ts';
import { PLANNED_POLL_SECONDS } from '../../core/operation/polling.ts';
import { lowerTtl } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { writeStateWeights } from '../../core/routing/write-weights.ts';
import type { PollOutput, StepInput } from '../../state-machines/contracts.ts';
import { assertSourceServes } from '../assert-current-serves.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'records'>;

const ASK_AGAIN_SECONDS = 2;
const DONE: PollOutput = { done: true, waitSeconds: 0 };

/**
 * Lowers the TTL of the records before planned work, and waits until it has been in force for the lead time, so that
 * clients follow the answers within it. Nothing to do where the config has no longer one. The end of the operation,
 * whichever, gives the records the TTL of the config again.
 *
 * @throws {OperationError} `RecordsRefusedError` where the zone must not be written; `NotPreparedError` where the new TTL
 * is not in force everywhere in time; `CurrentRegionFailedError` where the source fails meanwhile.
 */
export function createPrepareRecords(context: Context): (input: StepInput) => Promise<PollOutput> {
  const { config, ports } = context;
  return async (input) => {
    const journal = await journalFor('prepare-records', context, input);
    if (journal.find('done') !== undefined || journal.find('skipped') !== undefined) return DONE;
    await assertSourceServes(context, journal);
    if (!needsLowerTtl(config)) {
      await journal.add('skipped', { reason: `no record has a TTL above ${PLANNED_TTL_SECONDS} s` });
      return DONE;
    }
    if (journal.find('requested') === undefined) await lower(context, journal);
    if (journal.find('waiting') === undefined && !(await noteInForce(context, journal))) {
      return { done: false, waitSeconds: ASK_AGAIN_SECONDS };
    }
    const untilEpochMs = Number(journal.find('waiting')?.detail['untilEpochMs']);
    const leftSeconds = Math.ceil((untilEpochMs - ports.clock.nowEpochMs()) / 1000);
    if (leftSeconds > 0) return { done: false, waitSeconds: Math.min(leftSeconds, PLANNED_POLL_SECONDS) };
    await journal.add('done', { ttlSeconds: PLANNED_TTL_SECONDS, formerTtlSeconds: config.ttlSeconds });
    return DONE;
  };
}

/** Run again after a crash it finds the zone as it is to be, and writes nothing. */
async function lower({ config, ports }: Context, journal: Journal): Promise<void> {
  const state = await journal.change(lowerTtl(journal.holder, PLANNED_TTL_SECONDS));
  const outcome = await writeStateWeights(config, ports, state);
  if (outcome.kind === 'refused') {
    await journal.add('refused', { code: outcome.code, reason: outcome.reason });
    throw new OperationError('RecordsRefusedError', outcome.reason);
  }
  const changeId = outcome.kind === 'written' ? outcome.changeId : null;
  await journal.add('requested', { changeId, ttlSeconds: PLANNED_TTL_SECONDS, formerTtlSeconds: config.ttlSeconds });
}

/** Notes from when on the new TTL is in force, and until when it has to be; false while it is not. */
async function noteInForce({ ports }: Context, journal: Journal): Promise<boolean> {
  const requested = journal.find('requested');
  const changeId = requested?.detail['changeId'];
  const nowEpochMs = ports.clock.nowEpochMs();
  if (typeof changeId === 'string' && !(await ports.records.isInSync(changeId))) {
    const waitedSeconds = (nowEpochMs - (requested?.atEpochMs ?? nowEpochMs)) / 1000;
    if (waitedSeconds <= TTL_IN_FORCE_SECONDS) return false;
    throw new OperationError(
      'NotPreparedError',
      `change ${changeId} of the TTL is not INSYNC after ${Math.round(waitedSeconds)} s, ${TTL_IN_FORCE_SECONDS} s are allowed; look at the AWS Health Dashboard for Route 53 and start the planned work again`,
    );
  }
  await journal.add('waiting', { inForceAtEpochMs: nowEpochMs, untilEpochMs: nowEpochMs + TTL_LEAD_SECONDS * 1000 });
  return true;
}
