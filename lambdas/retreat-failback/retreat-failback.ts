import { isPromoted } from '../../core/config/data-tier.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { LARGEST_LAG_AGE_SECONDS } from '../../core/operation/lag-age.ts';
import { findEvent } from '../../core/operation/operation-record.ts';
import type { LookingContext } from '../../core/ports.ts';
import { writeStateWeights } from '../../core/routing/write-weights.ts';
import { isSameContent } from '../../core/same-content.ts';
import { type CaughtError, causeText, type RetreatOutput, type StepInput } from '../../state-machines/contracts.ts';
import { assertCurrentCertain } from '../assert-current-serves.ts';
import { lookAtCopy } from '../look-at-copy.ts';
import { leaveRegion } from '../region-switch.ts';
import { journalFor } from '../step-journal.ts';
import { keepWriterThere, letWriterWrite, placeOfWriter } from './place-of-writer.ts';

type Context = LookingContext<'coordination' | 'clock' | 'evacuation' | 'records'>;

/** Input of the retreat: a rung's reasons, or the error that ended it. */
export interface RetreatInput extends StepInput {
  readonly error?: CaughtError;
  readonly reasons?: readonly string[];
  /** The way back of the writer has failed: it stays where it is, and a person decides. */
  readonly giveUp?: boolean;
  /** An operator gives up: traffic goes back where the writer is there, and a writer that has left is not moved. */
  readonly keepWriter?: boolean;
}

/**
 * Puts all traffic back on the Region that serves: first by the returning Region's switch, which needs no control plane,
 * then by the weights. Traffic is not taken away from the data writer: one that has moved is to be moved back before, and
 * where it is not known to be in either place, or cannot be moved, a person decides.
 *
 * @throws {OperationError} `CurrentRegionFailedError` where that Region cannot take it, `CurrentRegionUnclearError`
 * until that is known, `WriterUnderWayError` until the writer has arrived: nothing is put back then.
 */
export function createRetreatFailback(context: Context): (input: RetreatInput) => Promise<RetreatOutput> {
  return async (input) => {
    const journal = await journalFor('retreat-failback', context, input);
    const { source: current } = input.operation;
    const cause = input.reasons?.join('; ') ?? (input.error === undefined ? 'aborted' : causeText(input.error));
    if (input.giveUp === true) return giveUp(context, journal, `could not be moved back to ${current}`, cause);
    await certainOrWriting(context, journal);
    const place = await placeOfWriter(context, journal);
    if (place === 'there' && input.keepWriter === true)
      return giveUp(context, journal, `has left ${current} and is not moved back`, cause);
    if (place === 'there') {
      const left = await writerLeftThere(context, journal, cause);
      if (left !== undefined) return left;
      await journal.add('requested', {
        reason: `the data writer has left ${current}; it is moved back first: ${cause}`,
      });
      return { compensated: false, moveWriterBack: true, reason: cause };
    }
    if (place === 'moving') await waitForWriter(journal);
    if (place === 'between')
      return hold(journal, `the data writer has left ${current}; traffic stays with it: ${cause}`);
    await putTrafficBack(context, journal);
    return { compensated: true, moveWriterBack: false, reason: cause };
  };
}

/** A move that the data tier has begun cannot be withdrawn: a person, who would be asked, could only wait as well. */
async function waitForWriter(journal: Journal): Promise<never> {
  const { source: current, target: original } = journal.record.request;
  const what = `the data writer is on its way from ${current} to ${original}`;
  const waiting = { for: `the end of its move: ${what}` };
  if (!isSameContent(journal.record.events.at(-1)?.detail, waiting)) await journal.add('waiting', waiting);
  throw new OperationError('WriterUnderWayError', `${what}; traffic stays, and nobody may write until it has arrived`, {
    retryable: true,
  });
}

/** Where nothing can be put back for now, nobody is kept from writing meanwhile whom the data tier has as its writer. */
async function certainOrWriting(context: Context, journal: Journal): Promise<void> {
  try {
    await assertCurrentCertain(context, journal);
  } catch (error) {
    await letWriterWrite(context, journal);
    throw error;
  }
}

/**
 * Lets the writer write on where the copy in the Region that serves is too far behind to take it back: nobody may write while
 * a switchover waits for it, which is worse than most of what ends a failback. Undefined where it may be moved.
 */
async function writerLeftThere(context: Context, journal: Journal, cause: string): Promise<RetreatOutput | undefined> {
  const { source: current, target: original } = journal.record.request;
  // Where the right is taken already, by a move that began, nobody has to be kept from writing for it.
  if ((await journal.readState()).writerRegion !== original) return undefined;
  const { problem, lagSeconds = 0 } = await lookAtCopy(context, { into: current, from: original });
  if (problem === undefined) return undefined;
  const measuredNear = lagSeconds <= context.config.failback.maximumLagSeconds;
  if (measuredNear && hasJustMoved(context, journal) && (await mayBeConnected(context, current))) return undefined;
  if (!(await keepWriterThere(context, journal))) return undefined;
  return hold(
    journal,
    `the data writer is not moved back to ${current}, since nobody could write until the copy is there: ${problem}; ${original} may write and keeps its traffic: ${cause}`,
  );
}

/**
 * How long a copy that was the writer until now may be without a measurement of its own, seconds: as long as one counts, and as
 * long again until the first has come (assumed). The switchover ended with nothing missing in it, and kept replication as it was:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SwitchoverGlobalCluster.html
 */
const FIRST_MEASUREMENT_SECONDS = 2 * LARGEST_LAG_AGE_SECONDS;

/** A data tier that says of a copy that it is not connected is believed; one that says nothing has nothing against it. */
async function mayBeConnected({ config, ports }: Context, region: string): Promise<boolean> {
  if (!isPromoted(config.data)) return true;
  const { connected } = await ports.dataTier.status();
  return connected?.includes(region) !== false;
}

function hasJustMoved({ ports }: Context, { record }: Journal): boolean {
  const movedAt = findEvent(record, 'check-promotion', 'done')?.atEpochMs;
  return movedAt !== undefined && ports.clock.nowEpochMs() - movedAt <= FIRST_MEASUREMENT_SECONDS * 1000;
}

/** @param what what became of the data writer */
async function giveUp(context: Context, journal: Journal, what: string, cause: string): Promise<RetreatOutput> {
  const { target: original } = journal.record.request;
  const stays = await keepWriterThere(context, journal);
  const right = stays ? `${original} may write again` : 'nobody may write until the data tier says who does';
  return hold(journal, `the data writer ${what}; ${right}: ${cause}`);
}

async function hold(journal: Journal, reason: string): Promise<RetreatOutput> {
  await journal.add('refused', { reason });
  return { compensated: false, moveWriterBack: false, reason };
}

/**
 * The weights are written also where no guardian took the switch: they do not need each other, and either of them brings
 * clients back.
 *
 * @throws {OperationError} `SwitchFailedError` where no guardian took the switch.
 */
async function putTrafficBack(context: Context, journal: Journal): Promise<void> {
  const { source: current, target: original } = journal.record.request;
  const move = { state: await journal.readState(), source: original, target: current };
  const switched = await leaveRegion(context, journal, move).catch((error: unknown) => ({ error }));
  if (!('error' in switched)) {
    const { guardians } = switched;
    await journal.add('compensated', { what: 'switch', did: `${original} is evacuated again`, guardians });
  }
  await putWeightsBack(context, journal);
  if ('error' in switched) throw switched.error;
}

/** From the state, which says since the switch was asked for that the returning Region gets nothing. */
async function putWeightsBack({ config, ports }: Context, journal: Journal): Promise<void> {
  const written = await writeStateWeights(config, ports, await journal.readState()).catch(() => undefined);
  await journal.add('compensated', {
    what: 'records',
    did: written === undefined ? 'weights restored; the records follow' : 'weights and records restored',
  });
}
