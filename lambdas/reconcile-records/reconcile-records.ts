import { isHeld } from '../../core/operation/application-state.ts';
import type { StepContext } from '../../core/ports.ts';
import { writeStateWeights } from '../../core/routing/write-weights.ts';

type Context = StepContext<'coordination' | 'clock' | 'records' | 'evacuation'>;

/** What the reconciler found to do. */
export interface ReconciledRecords {
  readonly records: 'agreed' | 'written' | 'refused' | 'not-mine';
  readonly reason?: string;
}

/**
 * Finishes what an operation could not: brings the records to the state's weights once Route 53 takes changes again, a
 * switch to the guardian that could not take it, and takes away one that a silent guardian has kept. Runs on a schedule in every application Region; the active one acts.
 */
export function createReconcileRecords(context: Context): () => Promise<ReconciledRecords> {
  const { config, ports, region } = context;
  return async () => {
    const state = await ports.coordination.readState();
    if (state.activeRegion !== region) return { records: 'not-mine' };
    // A running operation writes its own weights and switches. One that died or waits for a person does not.
    if (isHeld(state, ports.clock.nowEpochMs()) && state.phase !== 'NEEDS_OPERATOR')
      return { records: 'not-mine', reason: `operation ${state.operationId} is running` };
    await Promise.all(
      config.regions.map(({ id }) => {
        const act = state.evacuated.includes(id) ? ports.evacuation.evacuate : ports.evacuation.tidy;
        return act(id, state.epoch);
      }),
    );
    if (!state.recordsPending && !state.weightsPending) return { records: 'agreed' };
    const outcome = await writeStateWeights(config, ports, state);
    if (outcome.kind === 'refused') return { records: 'refused', reason: outcome.reason };
    return { records: outcome.kind === 'written' ? 'written' : 'agreed' };
  };
}
