import type * as z from 'zod';
import { formatProblem } from '../../../core/errors.ts';
import { schemaProblems } from '../../../core/schema-problems.ts';
import { type ApiResult, apiError } from './api-error.ts';

/** One operation of the API, ready to take any input. */
export interface Operation {
  /** Tokens of the change throughput that the input costs. */
  changeTokens(input: unknown): number;
  /** An input of the wrong shape is answered with `InvalidInput` and every reason. */
  handle(input: unknown): ApiResult<unknown>;
}

/** Makes an operation of the shape of its input and what it does with an input of that shape. */
export function defineOperation<Input>(
  shape: z.ZodType<Input>,
  run: (input: Input) => ApiResult<unknown>,
  changeTokens: (input: Input) => number = () => 0,
): Operation {
  return {
    changeTokens: (input) => {
      const parsed = shape.safeParse(input);
      return parsed.success ? changeTokens(parsed.data) : 0;
    },
    handle: (input) => {
      const parsed = shape.safeParse(input);
      if (parsed.success) return run(parsed.data);
      return apiError('InvalidInput', schemaProblems(parsed.error, { input }).map(formatProblem).join('\n'));
    },
  };
}

/** The part of a list that a page shows, and the first item of the next page. */
export function pageOf<Item>(
  items: readonly Item[],
  start: number,
  size: number,
): { readonly page: readonly Item[]; readonly next: Item | undefined } {
  return { page: items.slice(start, start + size), next: items[start + size] };
}
