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
 * Finishes what a failover could not: brings the records to the state's weights once Route 53 takes changes again, and
 * a switch to the guardian that could not take it. Runs on a schedule in every application Region; the active one acts.
 */
export function createReconcileRecords(context: Context): () => Promise<ReconciledRecords> {
  const { config, ports, region } = context;
  return async () => {
    const state = await ports.coordination.readState();
    if (state.activeRegion !== region) return { records: 'not-mine' };
    // A running operation writes its own weights and switches; two writers would only fight for the epoch record.
    if (isHeld(state, ports.clock.nowEpochMs()))
      return { records: 'not-mine', reason: `operation ${state.operationId} is running` };
    await Promise.all(state.evacuated.map((evacuated) => ports.evacuation.evacuate(evacuated, state.epoch)));
    if (!state.recordsPending) return { records: 'agreed' };
    const outcome = await writeStateWeights(config, ports, state);
    if (outcome.kind === 'refused') return { records: 'refused', reason: outcome.reason };
    return { records: outcome.kind === 'written' ? 'written' : 'agreed' };
  };
}
