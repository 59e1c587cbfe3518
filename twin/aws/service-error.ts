/** An error as an AWS service gives it: the SDK's retry strategy and our adapters go by these fields. */
export class ServiceError extends Error {
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.$fault = status >= 500 ? 'server' : 'client';
    this.$metadata = { httpStatusCode: status };
  }
}

/** What a client sees of a peer that does not answer. */
export function timeoutError(afterMs: number): Error {
  const error = new Error(`no answer within ${afterMs} ms`);
  error.name = 'TimeoutError';
  return error;
}
