import type * as z from 'zod';
import type { Problem } from '../errors.ts';

type Issue = z.core.$ZodIssue;

/** Translates what the schema library found into problems a person can act on; one problem per unknown key. */
export function problemsOf(error: z.ZodError, input: unknown): readonly Problem[] {
  return error.issues.flatMap((issue) => translate(issue, input, []));
}

function translate(issue: Issue, input: unknown, parents: readonly PropertyKey[]): readonly Problem[] {
  const path = [...parents, ...issue.path];
  const value = valueAt(input, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: formatPath([...path, key]),
        message: 'is not a known key',
        remedy: 'remove it or correct its spelling (docs/configuration.md lists every key)',
      }));
    case 'invalid_union':
      return unionProblems(issue, input, path);
    case 'invalid_type':
      return [
        value === undefined
          ? { path: formatPath(path), message: 'is missing', allowed: issue.expected, remedy: 'add it' }
          : {
              path: formatPath(path),
              message: 'has the wrong type',
              value,
              allowed: issue.expected,
              remedy: 'correct it',
            },
      ];
    case 'invalid_value':
      return [
        value === undefined
          ? { path: formatPath(path), ...describeChoice(issue), message: 'is missing', remedy: 'add it' }
          : { path: formatPath(path), ...describeChoice(issue), value, remedy: 'use one of the allowed values' },
      ];
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
      return [
        { path: formatPath(path), message: 'is out of range', value, allowed: range(issue), remedy: 'correct it' },
      ];
    default:
      return [{ path: formatPath(path), message: issue.message, value, remedy: 'correct it' }];
  }
}

/** Of the branches of a union, the one that came closest (fewest issues) speaks; a wrong discriminator speaks itself. */
function unionProblems(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  input: unknown,
  path: readonly PropertyKey[],
): readonly Problem[] {
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const closest = branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (closest !== undefined) return closest.flatMap((inner) => translate(inner, input, path));
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String).join(', ') : undefined;
  const value = valueAt(input, path);
  return [
    {
      path: formatPath(path),
      message: value === undefined ? 'is missing' : 'is not known here',
      ...(value === undefined ? {} : { value }),
      ...(options === undefined ? {} : { allowed: options }),
      remedy: 'use one of the allowed values',
    },
  ];
}

function depth(branch: readonly Issue[]): number {
  return Math.max(
    ...branch.map((inner) => (inner.code === 'invalid_type' && inner.path.length === 0 ? -1 : inner.path.length)),
  );
}

function describeChoice(issue: Extract<Issue, { code: 'invalid_value' }>): { message: string; allowed: string } {
  const allowed = issue.values.map(String).join(', ');
  return { message: issue.message.startsWith('Invalid') ? 'is not an allowed value' : issue.message, allowed };
}

function range(issue: Extract<Issue, { code: 'too_small' | 'too_big' | 'not_multiple_of' }>): string {
  if (issue.code === 'not_multiple_of') return `a multiple of ${issue.divisor}`;
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  if (issue.code === 'too_small')
    return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit}`;
  return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

/** `regions[1].id` rather than `regions.1.id`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`))
    .join('');
}
