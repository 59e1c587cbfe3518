import * as z from 'zod';
import { pathFault } from './result-paths.ts';

/** What an operator compares with: nothing, anything, a number, or a regular expression. */
const OPERANDS = {
  equals: 'anything',
  notEquals: 'anything',
  atMost: 'number',
  atLeast: 'number',
  lessThan: 'number',
  greaterThan: 'number',
  contains: 'anything',
  notContains: 'anything',
  covers: 'anything',
  matches: 'pattern',
  exists: 'nothing',
  absent: 'nothing',
} as const;

/** How a value of the result is judged. */
export const OPERATORS = Object.keys(OPERANDS) as readonly (keyof typeof OPERANDS)[];

export const expectationSchema = z
  .strictObject({
    text: z.string().min(1),
    /** A path into the result document, e.g. `failover.rtoSeconds.p99` or `operations[0].status`. */
    path: z.string().min(1),
    op: z.enum(OPERATORS),
    value: z.unknown().optional(),
  })
  .superRefine(({ path, op, value }, context) => {
    const faults = { path: pathFault(path), value: operandFault(op, value) };
    for (const [key, message] of Object.entries(faults)) {
      if (message !== undefined) context.addIssue({ code: 'custom', path: [key], message });
    }
  });

/** One thing that must hold in the end. */
export type Expectation = Readonly<z.output<typeof expectationSchema>>;

/** What is wrong with the value that an operator is to compare with; undefined where nothing is. */
export function operandFault(op: Expectation['op'], value: unknown): string | undefined {
  switch (OPERANDS[op]) {
    case 'nothing':
      return value === undefined ? undefined : `has no place beside "${op}", which compares with nothing`;
    case 'number':
      return typeof value === 'number' ? undefined : `must be a number for "${op}"`;
    case 'pattern':
      return typeof value === 'string' ? patternFault(value) : `must be a regular expression for "${op}"`;
    case 'anything':
      return value === undefined ? `must be given for "${op}"` : undefined;
  }
}

function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    return `must be a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
}
