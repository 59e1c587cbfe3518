import { OperationError } from '../../core/operation/errors.ts';

/** The parts of an AWS SDK error that say what to do about it. */
interface SdkError extends Error {
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Names of errors that may pass by themselves, over the services used here. */
const TRANSIENT = new Set([
  'TimeoutError',
  'NetworkingError',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'PriorRequestNotComplete',
  'ReplicatedWriteConflictException',
  'ConditionalRequestConflict',
  'SlowDown',
  'InternalServerError',
  'ServiceUnavailable',
]);

/** The name of an SDK error, empty for anything else. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** True where the same call may succeed later: timeouts, throttling, conflicts that resolve, 5xx. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $fault, $retryable, $metadata, name } = error as SdkError;
  return (
    TRANSIENT.has(name) || $retryable !== undefined || $fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500
  );
}

/**
 * Runs a call and translates what it throws: a transient error becomes `TransientPlatformError`, which machines retry by
 * name; anything else keeps its name and message. Errors of our own pass.
 */
export async function translated<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof OperationError || !isTransient(error)) throw error;
    throw new OperationError('TransientPlatformError', `${what}: ${errorName(error)}: ${(error as Error).message}`, {
      retryable: true,
      cause: error,
    });
  }
}
