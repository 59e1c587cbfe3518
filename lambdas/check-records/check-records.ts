import type { StepContext } from '../../core/ports.ts';
import type { CheckRecordsInput, PollOutput } from '../../state-machines/contracts.ts';
import { assertCurrentServes } from '../assert-current-serves.ts';
import { journalFor } from '../step-journal.ts';

const ASK_AGAIN_SECONDS = 2;
/** Resolvers round up and clients are late: a little more than one TTL. */
const MARGIN_SECONDS = 5;

/**
 * Looks whether a change has reached every authoritative server (`INSYNC`) and then lets one TTL and a margin pass, after
 * which no honest cache holds the former answer.
 */
export function createCheckRecords(
  context: StepContext<'coordination' | 'clock' | 'records'>,
): (input: CheckRecordsInput) => Promise<PollOutput> {
  const { config, ports } = context;
  return async (input) => {
    const journal = await journalFor('check-records', context, input);
    await assertCurrentServes(context, journal);
    const { changeId } = input.records;
    const { events } = journal.record;
    const seen = events
      .slice(events.findLastIndex(({ step, outcome }) => step === 'write-records' && outcome === 'done') + 1)
      .findLast(({ step, detail }) => step === 'check-records' && detail['changeId'] === changeId);
    if (seen === undefined) {
      const inSync = changeId === null || (await ports.records.isInSync(changeId));
      if (!inSync) return { done: false, waitSeconds: ASK_AGAIN_SECONDS };
      await journal.add('waiting', { changeId, inSyncAtEpochMs: await inSyncSince(context, changeId) });
    }
    const inSyncAt = Number((seen ?? journal.find('waiting'))?.detail['inSyncAtEpochMs']);
    const settledAt = inSyncAt + (config.ttlSeconds + MARGIN_SECONDS) * 1000;
    const waitSeconds = Math.ceil((settledAt - ports.clock.nowEpochMs()) / 1000);
    return waitSeconds <= 0 ? { done: true, waitSeconds: 0 } : { done: false, waitSeconds };
  };
}

/** A zone that agreed already was written when the state says so. */
async function inSyncSince(
  { ports }: StepContext<'coordination' | 'clock' | 'records'>,
  changeId: string | null,
): Promise<number> {
  if (changeId !== null) return ports.clock.nowEpochMs();
  const { recordsWrittenAtEpochMs } = await ports.coordination.readState();
  return recordsWrittenAtEpochMs ?? ports.clock.nowEpochMs();
}
