import { ReconcileError } from '../../../core/reconcile/errors.ts';
import { errorName, isTransient } from '../translate-error.ts';

/** Why a write was not made. `moved`: the item is no longer as it was read; `busy`: another transaction has it. */
export type Refusal =
  | { readonly kind: 'moved' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * What an error says about the one change that it answers; undefined where it says nothing about it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export function refusalOf(error: unknown): Refusal | undefined {
  switch (errorName(error)) {
    case 'ConditionalCheckFailedException':
      return { kind: 'moved' };
    case 'TransactionConflictException':
      return { kind: 'busy' };
    case 'ValidationException':
    case 'ItemCollectionSizeLimitExceededException':
      return { kind: 'refused', reason: (error as Error).message };
    case 'TransactionCanceledException':
      return canceled((error as { readonly CancellationReasons?: readonly Reason[] }).CancellationReasons ?? []);
    default:
      return undefined;
  }
}

interface Reason {
  readonly Code?: string;
  readonly Message?: string;
}

function canceled(reasons: readonly Reason[]): Refusal | undefined {
  const of = (...codes: readonly string[]) => reasons.find(({ Code }) => codes.includes(Code ?? ''));
  if (of('ConditionalCheckFailed') !== undefined) return { kind: 'moved' };
  const invalid = of('ValidationError', 'ItemCollectionSizeLimitExceeded');
  if (invalid !== undefined) return { kind: 'refused', reason: invalid.Message ?? invalid.Code ?? '' };
  return of('TransactionConflict') === undefined ? undefined : { kind: 'busy' };
}

/** Codes of a transaction that may pass by themselves. */
const PASSING = ['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded', 'TransactionConflict'];

/** Runs a call against `what` and translates what it throws; errors of our own, and defects, pass. */
export async function translated<Result>(what: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ReconcileError || error instanceof RangeError || error instanceof TypeError) throw error;
    const passes = isTransient(error) || isPassingTransaction(error);
    const remedy = passes ? '' : `; ${remedyOf(errorName(error))}`;
    throw new ReconcileError(
      passes ? 'TransientStoreError' : 'StoreRefusedError',
      `${what}: ${errorName(error)}: ${error instanceof Error ? error.message : String(error)}${remedy}`,
      { cause: error, ...(passes ? {} : { source: 'operator' }) },
    );
  }
}

function isPassingTransaction(error: unknown): boolean {
  if (errorName(error) === 'TransactionInProgressException') return true;
  const { CancellationReasons: reasons = [] } = error as { readonly CancellationReasons?: readonly Reason[] };
  return reasons.some(({ Code }) => PASSING.includes(Code ?? ''));
}

function remedyOf(name: string): string {
  if (name === 'ResourceNotFoundException') return 'name its table under reconcile.entities, the same in every Region';
  if (name === 'AccessDeniedException') return 'give the caller the right to do it (docs/reconciliation.md)';
  return 'put right what DynamoDB names, then run it again';
}
