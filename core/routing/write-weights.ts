import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { ApplicationState } from '../operation/application-state.ts';
import { recordTtlSeconds } from '../operation/planned.ts';
import { confirmRecords, confirmWeights } from '../operation/transitions.ts';
import type { Ports } from '../ports.ts';
import { planWeightChange, type WeightPlan } from './change-batch.ts';
import { desiredWeights } from './weights.ts';

/** What became of writing a state's weights into the zone. */
export type WriteOutcome =
  | { readonly kind: 'written'; readonly changeId: string }
  | { readonly kind: 'unchanged' }
  | Extract<WeightPlan, { kind: 'refused' }>;

/**
 * Reads the live records, plans one batch to the state's weights and TTL under the state's epoch, applies it and clears
 * `recordsPending`; then keeps the weights for the next deployment, or leaves `weightsPending` where that fails. Used by the operation that shifts and by the reconciler that
 * finishes what it could not. Running it again changes nothing.
 */
export async function writeStateWeights(
  config: ResolvedConfig,
  { records, coordination, clock }: Pick<Ports, 'records' | 'coordination' | 'clock'>,
  state: ApplicationState,
): Promise<WriteOutcome> {
  const desired = desiredWeights(config, state.weights);
  const live = await records.list([...new Set(desired.map(({ name }) => name)), names.epochRecord(config)]);
  const ttlSeconds = recordTtlSeconds(config, state);
  const plan = planWeightChange(config, {
    ...{ live, desired, epoch: state.epoch },
    ...(ttlSeconds === undefined ? {} : { ttlSeconds }),
  });
  if (plan.kind === 'refused') return plan;
  const outcome: WriteOutcome =
    plan.kind === 'unchanged'
      ? { kind: 'unchanged' }
      : {
          kind: 'written',
          changeId: await records.apply(plan.changes, `switchyard ${state.application} epoch ${state.epoch}`),
        };
  await coordination.transition(confirmRecords(state, clock.nowEpochMs()));
  // Kept in one Region, which may be the one that is left: what serves is the record, and the reconciler tries again.
  const kept = await records.keepWeights(desired).then(
    () => true,
    () => false,
  );
  if (kept) await coordination.transition(confirmWeights(state));
  return outcome;
}
