import { OperationError } from '../../core/operation/errors.ts';

/** An operation that may not begin, or go on, because of what was asked for or of how things stand. */
export function refused(reason: string): OperationError {
  return new OperationError('OperationRefusedError', reason, { source: 'operator' });
}
