import { ServiceError } from '../aws/service-error.ts';

/** Tasks that wait for somebody to answer. */
export interface TaskTokens {
  /** A new token. */
  issue(): string;
  /** Waits until the token is answered. */
  wait(token: string): Promise<unknown>;
  /** Nobody waits for the token any more: answering it is refused. */
  expire(token: string | undefined): void;
  succeed(token: string, output: string): void;
  fail(token: string, error: string, cause: string): void;
}

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Tokens of one Region. */
export function createTaskTokens(): TaskTokens {
  const waiting = new Map<string, Waiting>();
  let issued = 0;
  const take = (token: string): Waiting => {
    const found = waiting.get(token);
    if (found === undefined)
      throw new ServiceError('TaskTimedOut', 'Task Timed Out: the provided task does not exist anymore');
    waiting.delete(token);
    return found;
  };
  return {
    issue: () => `token-${++issued}`,
    wait: (token) => new Promise((resolve, reject) => void waiting.set(token, { resolve, reject })),
    expire: (token) => void waiting.delete(token ?? ''),
    succeed: (token, output) => take(token).resolve(JSON.parse(output)),
    fail: (token, error, cause) => take(token).reject(namedError(error, cause)),
  };
}

/** An error that the interpreter catches by name; its message becomes the Cause. */
export function namedError(name: string, cause: string): Error {
  const error = new Error(cause);
  error.name = name;
  return error;
}
