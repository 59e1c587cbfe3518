import { OperationError } from '../../core/operation/errors.ts';

/** The parts of an AWS SDK error that say what to do about it. */
interface SdkError extends Error {
  readonly code?: string;
  readonly $fault?: 'client' | 'server';
  readonly $retryable?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Names of errors that may pass by themselves, over the services used here. */
const TRANSIENT = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'NetworkingError',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'PriorRequestNotComplete',
  'ReplicatedWriteConflictException',
  'ConditionalRequestConflict',
  'TooManyUpdates',
  'SlowDown',
  'InternalServerError',
  'ServiceUnavailable',
]);

/**
 * Codes of Node for a peer that is not found or not reached. An endpoint that has lost its address gives the first: so it
 * went with DynamoDB's in October 2025, https://aws.amazon.com/message/101925/
 */
const UNREACHABLE = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
]);

const TOO_MANY_REQUESTS = 429;

/** The name of an SDK error, empty for anything else. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** True where the same call may succeed later, or elsewhere: no answer, throttling, conflicts that resolve, 5xx. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $fault, $retryable, $metadata, name, code } = error as SdkError;
  const status = $metadata?.httpStatusCode ?? 0;
  return (
    TRANSIENT.has(name) ||
    UNREACHABLE.has(code ?? '') ||
    $retryable !== undefined ||
    $fault === 'server' ||
    status === TOO_MANY_REQUESTS ||
    status >= 500
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
