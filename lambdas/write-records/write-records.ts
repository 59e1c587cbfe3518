import { OperationError } from '../../core/operation/errors.ts';
import { setWeights } from '../../core/operation/transitions.ts';
import type { StepContext } from '../../core/ports.ts';
import { writeStateWeights } from '../../core/routing/write-weights.ts';
import type { WriteRecordsInput, WrittenRecords } from '../../state-machines/contracts.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'records'>;

/**
 * Brings the zone's records to the weights of the state, or to new weights, in one atomic batch under the operation's
 * epoch. While a Region is being left this is best effort: the state says `recordsPending` until it has been done. Members
 * of a fleet that leave together do not all ask Route 53 at once: their reconcilers follow in turns.
 *
 * @throws {OperationError} `RecordsRefusedError` where a newer operation has written the zone or records are missing.
 */
export function createWriteRecords(context: Context): (input: WriteRecordsInput) => Promise<WrittenRecords> {
  const { config, ports } = context;
  return async (input) => {
    const journal = await journalFor('write-records', context, input);
    const state = await (input.weights === undefined
      ? journal.readState()
      : journal.change(setWeights(journal.holder, input.weights)));
    if (journal.record.request.fleet !== undefined) {
      await journal.add('skipped', { reason: 'one of a fleet; its reconciler writes the records in its turn' });
      return { changeId: null };
    }
    const outcome = await writeStateWeights(config, ports, state);
    if (outcome.kind === 'refused') {
      await journal.add('refused', { code: outcome.code, reason: outcome.reason });
      throw new OperationError('RecordsRefusedError', outcome.reason);
    }
    const changeId = outcome.kind === 'written' ? outcome.changeId : null;
    await journal.add('done', { changeId, weights: state.weights });
    return { changeId };
  };
}
