import { RefusedInputError, SwitchyardError } from '../core/errors.ts';

/** Several inputs of one command were refused; the command line ends with exit code 2 on it. */
export class SeveralRefusedError extends SwitchyardError {
  override readonly name = 'SeveralRefusedError';

  constructor(refusals: readonly RefusedInputError[]) {
    super(refusals.map(({ message }) => message).join('\n'), {
      code: 'INPUT_REFUSED',
      source: 'operator',
      context: { problems: refusals.flatMap(({ problems }) => problems) },
    });
  }
}

/** Collects the refusals of a command's inputs, so that all are told at once. */
export interface Refusals {
  /** What was read, or undefined where it was refused; any other error goes on. */
  attempt<T>(read: () => T | Promise<T>): Promise<T | undefined>;
  /** Throws where anything was refused. */
  throwIfAny(): void;
}

/** No refusals yet. */
export function createRefusals(): Refusals {
  const refusals: RefusedInputError[] = [];
  return {
    attempt: async (read) => {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof RefusedInputError)) throw error;
        refusals.push(error);
        return undefined;
      }
    },
    throwIfAny: () => {
      const [first, ...others] = refusals;
      if (first === undefined) return;
      throw others.length === 0 ? first : new SeveralRefusedError(refusals);
    },
  };
}
