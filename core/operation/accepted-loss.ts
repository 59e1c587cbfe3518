import type { ResolvedConfig } from '../config/types.ts';
import type { OperationRecord } from './operation-record.ts';

/** A loss that somebody has taken upon themselves, and how. */
export interface AcceptedLoss {
  /** Replication lag that was accepted, seconds; `null` where any is. */
  readonly seconds: number | null;
  readonly by: 'data.lossBudgetSeconds' | 'acceptDataLossSeconds' | 'emergency';
}

/**
 * The loss under which a failover may ask for a promotion that loses what was not replicated. Undefined where none is
 * accepted, and the data tier may only be asked for a move that loses nothing: in planned mode, on the way back, and
 * where the accepted loss, or else the loss budget, is 0. An emergency where none is named skips the gate on the lag, and
 * so takes any.
 */
export function acceptedLoss(
  { lossBudgetSeconds }: Pick<ResolvedConfig['data'], 'lossBudgetSeconds'>,
  { kind, request }: Pick<OperationRecord, 'kind' | 'request'>,
): AcceptedLoss | undefined {
  if (kind === 'failback' || request.mode === 'planned') return undefined;
  const { acceptDataLossSeconds: byName } = request;
  if (byName !== undefined) return byName > 0 ? { seconds: byName, by: 'acceptDataLossSeconds' } : undefined;
  if (request.mode === 'emergency') return { seconds: null, by: 'emergency' };
  return lossBudgetSeconds > 0 ? { seconds: lossBudgetSeconds, by: 'data.lossBudgetSeconds' } : undefined;
}
