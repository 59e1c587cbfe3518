import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { findEvent } from '../../core/operation/operation-record.ts';
import { closeOperation, grantWriter, restoreTraffic } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { writeStateWeights } from '../../core/routing/write-weights.ts';
import {
  type CaughtError,
  type CompensationOutput,
  causeText,
  type StepInput,
} from '../../state-machines/contracts.ts';
import { hasEnded, journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'evacuation' | 'records' | 'dataTier'>;

/** Input of the roll back: the error that asked for it. */
export interface RollBackInput extends StepInput {
  readonly error: CaughtError;
}

/**
 * Puts back what the operation changed, in reverse: switch, records and weights, fence. Every compensation is recorded,
 * also where there was nothing to do. Once the data tier has accepted a promotion nothing is put back: the machine goes
 * forward or holds.
 */
export function createRollBack(context: Context): (input: RollBackInput) => Promise<CompensationOutput> {
  return async (input) => {
    if (await hasEnded(context, input)) return { compensated: true, reason: causeText(input.error) };
    const journal = await journalFor('roll-back', context, input);
    const accepted = await promotionAccepted(context, journal);
    if (accepted !== undefined) {
      await journal.add('refused', { reason: accepted });
      return { compensated: false, reason: accepted };
    }
    const undone = new Set(
      journal.record.events.filter(({ outcome }) => outcome === 'compensated').map(({ detail }) => detail['what']),
    );
    for (const compensation of COMPENSATIONS) {
      if (undone.has(compensation.what)) continue;
      await journal.add('compensated', { what: compensation.what, did: await compensation.run(context, journal) });
    }
    const reason = causeText(input.error);
    await close(context, journal, reason);
    return { compensated: true, reason };
  };
}

interface Compensation {
  readonly what: 'switch' | 'records' | 'fence';
  readonly run: (context: Context, journal: Journal) => Promise<string>;
}

const COMPENSATIONS: readonly Compensation[] = [
  { what: 'switch', run: restoreSwitch },
  { what: 'records', run: restoreRecords },
  { what: 'fence', run: restoreWriter },
];

const NOTHING = 'nothing to do';

/** The reason why it is too late, undefined where it is not. */
async function promotionAccepted({ config, ports }: Context, { record }: Journal): Promise<string | undefined> {
  if (config.data.adapter === 'none') return undefined;
  const { target } = record.request;
  const { writerRegion, movingTo } = await ports.dataTier.status();
  if (writerRegion === target && record.before.writerRegion !== target) return `${target} has become the writer`;
  return movingTo === target ? `the data tier is moving the writer to ${target}` : undefined;
}

async function restoreSwitch({ ports }: Context, { record, holder }: Journal): Promise<string> {
  const { source } = record.request;
  const { evacuated } = await ports.coordination.readState();
  if (record.before.evacuated.includes(source) || !evacuated.includes(source)) return NOTHING;
  const guardians = await ports.evacuation.admit(source, holder.epoch);
  if (!guardians.every(({ done }) => done)) {
    throw new OperationError(
      'SwitchFailedError',
      `the switch of ${source} could not be taken back from every guardian`,
      { retryable: true },
    );
  }
  return `${source} is let in again by ${guardians.map(({ guardian }) => guardian).join(' and ')}`;
}

/** Weights go back in the state first; the reconciler finishes the records where Route 53 takes no changes now. */
async function restoreRecords({ config, ports }: Context, { record, holder }: Journal): Promise<string> {
  if (findEvent(record, 'shift-traffic', 'done') === undefined) return NOTHING;
  const state = await ports.coordination.transition(restoreTraffic(holder, record.before));
  if (state === undefined) throw new OperationError('OperationLostError', 'another operation holds the application');
  const written = await writeStateWeights(config, ports, state).catch(() => undefined);
  return written === undefined ? 'weights restored; the records follow' : 'weights and records restored';
}

async function restoreWriter({ ports }: Context, { record, holder }: Journal): Promise<string> {
  const { writerRegion } = await ports.coordination.readState();
  const former = record.before.writerRegion;
  if (writerRegion !== null || former === null) return NOTHING;
  await ports.coordination.transition(grantWriter(holder, former));
  return `${former} may write again, under epoch ${holder.epoch}`;
}

/** FAILED where something had been changed, however little; ABORTED where nothing was. The record says what. */
async function close({ ports }: Context, journal: Journal, reason: string): Promise<void> {
  const nowEpochMs = ports.clock.nowEpochMs();
  await journal.add('done', { reason });
  const changed = journal.record.events.some(
    ({ outcome, detail }) => outcome === 'compensated' && detail['did'] !== NOTHING,
  );
  await ports.coordination.setStatus(journal.holder.operationId, changed ? 'FAILED' : 'ABORTED', nowEpochMs);
  const { phase } = journal.record.before;
  await ports.coordination.transition(closeOperation(journal.holder, { phase, nowEpochMs, coolDown: true }));
}
