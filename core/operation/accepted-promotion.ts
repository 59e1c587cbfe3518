import { isPromoted } from '../config/data-tier.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { OperationRecord } from './operation-record.ts';
import { requestedMove } from './writer-move.ts';

/**
 * Why a promotion that the data tier has accepted may still come, though it says that nothing moves: it may say so for a
 * moment. Undefined where none was accepted, or one so long ago that the data tier is taken at its word.
 */
export function promotionMayStillCome(
  { data }: Pick<ResolvedConfig, 'data'>,
  record: Pick<OperationRecord, 'events'> & { readonly to?: string },
  nowEpochMs: number,
): string | undefined {
  if (!isPromoted(data)) return undefined;
  const requestedAt = requestedMove(record, record.to)?.atEpochMs;
  if (requestedAt === undefined) return undefined;
  const seconds = Math.round((nowEpochMs - requestedAt) / 1000);
  if (seconds > data.promotionDeadlineSeconds) return undefined;
  return `the data tier accepted the promotion ${seconds} s ago; until ${data.promotionDeadlineSeconds} s are over (data.promotionDeadlineSeconds) it may still come`;
}
