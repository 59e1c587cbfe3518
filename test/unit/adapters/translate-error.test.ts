import { describe, expect, it } from 'vitest';
import { errorName, isTransient, translated } from '../../../adapters/aws/translate-error.ts';
import { OperationError } from '../../../core/operation/errors.ts';

function sdkError(name: string, facts: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error(`${name} happened`), { name, ...facts });
}

const TRANSIENT: readonly (readonly [string, Error])[] = [
  ['no answer in time', sdkError('TimeoutError')],
  ['a request that came in too slowly', sdkError('RequestTimeout')],
  ['throttling by Route 53', sdkError('Throttling')],
  ['throttling by DynamoDB', sdkError('ProvisionedThroughputExceededException')],
  ['throttling by Amazon SNS', sdkError('ThrottledException')],
  ['throttling by the parameter store', sdkError('TooManyUpdates')],
  ['a change before that is still pending', sdkError('PriorRequestNotComplete')],
  ['two Regions that wrote at once', sdkError('ReplicatedWriteConflictException')],
  ['two writers of one object', sdkError('ConditionalRequestConflict')],
  ['Amazon S3 asking for less', sdkError('SlowDown')],
  ['an error that its service calls retryable', sdkError('Whatever', { $retryable: { throttling: false } })],
  ['a fault of the server', sdkError('Whatever', { $fault: 'server' })],
  ['status 429', sdkError('Whatever', { $metadata: { httpStatusCode: 429 } })],
  ['status 500', sdkError('Whatever', { $metadata: { httpStatusCode: 500 } })],
  ['status 503', sdkError('Whatever', { $metadata: { httpStatusCode: 503 } })],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ETIMEDOUT'].map(
    (code) => [`an endpoint that gives ${code}`, sdkError('Error', { code })] as const,
  ),
];

const LASTING: readonly (readonly [string, unknown])[] = [
  ['a condition that does not hold', sdkError('ConditionalCheckFailedException', { $fault: 'client' })],
  ['a precondition that does not hold', sdkError('PreconditionFailed', { $metadata: { httpStatusCode: 412 } })],
  ['a batch that is refused', sdkError('InvalidChangeBatch')],
  ['a right that is missing', sdkError('AccessDeniedException', { $metadata: { httpStatusCode: 403 } })],
  ['status 499', sdkError('Whatever', { $metadata: { httpStatusCode: 499 } })],
  ['a mistake of our own', new TypeError('x is not a function')],
  ['a file that is missing', sdkError('Error', { code: 'ENOENT' })],
  ['something that is no error', 'TimeoutError'],
];

describe('telling what may pass from what lasts', () => {
  it.each(TRANSIENT)('takes %s for something that may pass', (_, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each(LASTING)('takes %s for something that lasts', (_, error) => {
    expect(isTransient(error)).toBe(false);
  });
});

describe('translating what a call throws', () => {
  const failing = (error: unknown) => translated('read the table', () => Promise.reject(error));

  it('gives the result of a call that succeeds', async () => {
    expect(await translated('read the table', async () => 7)).toBe(7);
  });

  it('turns what may pass into the one error that machines retry, with the cause', async () => {
    const cause = sdkError('TimeoutError');
    await expect(failing(cause)).rejects.toMatchObject({
      name: 'TransientPlatformError',
      code: 'TRANSIENT_PLATFORM',
      source: 'platform',
      retryable: true,
      message: 'read the table: TimeoutError: TimeoutError happened',
      cause,
    });
  });

  it('lets everything else through as it is', async () => {
    for (const [, error] of LASTING) await expect(failing(error)).rejects.toBe(error);
  });

  it('lets errors of our own through, whatever they say about themselves', async () => {
    const own = new OperationError('SwitchFailedError', 'no guardian', { retryable: true });
    await expect(failing(own)).rejects.toBe(own);
  });

  it('names an SDK error, and nothing else', () => {
    expect(errorName(sdkError('NoSuchKey'))).toBe('NoSuchKey');
    expect(errorName('NoSuchKey')).toBe('');
    expect(errorName(undefined)).toBe('');
  });
});
