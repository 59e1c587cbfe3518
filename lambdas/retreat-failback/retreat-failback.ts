import { isPromoted } from '../../core/config/data-tier.ts';
import { promotionMayStillCome } from '../../core/operation/accepted-promotion.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { returnWriter } from '../../core/operation/transitions.ts';
import type { LookingContext } from '../../core/ports.ts';
import { writeStateWeights } from '../../core/routing/write-weights.ts';
import {
  type CaughtError,
  type CompensationOutput,
  causeText,
  type StepInput,
} from '../../state-machines/contracts.ts';
import { assertCurrentCertain } from '../assert-current-serves.ts';
import { leaveRegion } from '../region-switch.ts';
import { journalFor } from '../step-journal.ts';

type Context = LookingContext<'coordination' | 'clock' | 'evacuation' | 'records'>;

/** Input of the retreat: a rung's reasons, or the error that ended it. */
export interface RetreatInput extends StepInput {
  readonly error?: CaughtError;
  readonly reasons?: readonly string[];
}

/**
 * Puts all traffic back on the Region that serves: first by the returning Region's switch, which needs no control plane,
 * then by the weights. Once the data writer has moved, traffic is not taken away from it: then a person decides.
 *
 * @throws {OperationError} `CurrentRegionFailedError` where that Region cannot take it, `CurrentRegionUnclearError`
 * until that is known: nothing is put back then.
 */
export function createRetreatFailback(context: Context): (input: RetreatInput) => Promise<CompensationOutput> {
  const { config, ports } = context;
  return async (input) => {
    const journal = await journalFor('retreat-failback', context, input);
    await assertCurrentCertain(context, journal);
    const { source: current, target: original } = input.operation;
    const cause = input.reasons?.join('; ') ?? (input.error === undefined ? 'aborted' : causeText(input.error));
    const state = await journal.readState();
    if (!(await keepsWriter(context, { state, current, journal }))) {
      const reason = `the data writer has left ${current}; traffic stays with it: ${cause}`;
      await journal.add('refused', { reason });
      return { compensated: false, reason };
    }
    const { state: after, guardians } = await leaveRegion(context, journal, {
      state,
      source: original,
      target: current,
    });
    await journal.add('compensated', { what: 'switch', did: `${original} is evacuated again`, guardians });
    const written = await writeStateWeights(config, ports, after).catch(() => undefined);
    await journal.add('compensated', {
      what: 'records',
      did: written === undefined ? 'weights restored; the records follow' : 'weights and records restored',
    });
    return { compensated: true, reason: cause };
  };
}

/** A fence that was raised for a move that never began is taken back; a move that began is not. */
async function keepsWriter(
  { config, ports }: Context,
  { state, current, journal }: { state: ApplicationState; current: string; journal: Journal },
): Promise<boolean> {
  if (state.writerRegion !== null) return state.writerRegion === current;
  if (isPromoted(config.data)) {
    const { writerRegion, movingTo } = await ports.dataTier.status();
    if (writerRegion !== current || movingTo !== null) return false;
    if (promotionMayStillCome(config, journal.record, ports.clock.nowEpochMs()) !== undefined) return false;
  }
  await journal.change(returnWriter(journal.holder, current));
  await journal.add('compensated', {
    what: 'fence',
    did: `${current} may write again, under epoch ${journal.holder.epoch}`,
  });
  return true;
}
