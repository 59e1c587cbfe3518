import type * as z from 'zod';
import type { Problem } from '../../core/errors.ts';

/** What a shape found wrong with an input, one problem each, in this project's words. */
export function shapeProblems(error: z.ZodError, input: unknown): readonly Problem[] {
  return error.issues.flatMap((issue): readonly Problem[] => {
    const path = pathText(issue.path);
    const value = valueAt(input, issue.path);
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => ({
          path: pathText([...issue.path, key]),
          message: 'the key is unknown',
          remedy: 'remove it, or correct its spelling',
        }));
      case 'invalid_type':
        return value === undefined
          ? [{ path, message: 'the value is missing', allowed: issue.expected }]
          : [{ path, message: 'the value has the wrong type', value, allowed: issue.expected }];
      case 'custom':
        return [{ path, message: value === undefined ? 'the value is missing' : issue.message, value }];
      default:
        return [{ path, message: 'the value cannot be read', value, allowed: issue.message }];
    }
  });
}

/** `ResourceRecordSets[3].Weight`; a key that is no word stands in quotes and brackets. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = String(part);
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    input,
  );
}
