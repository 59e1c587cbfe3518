import type * as z from 'zod';
import type { Problem } from '../../core/errors.ts';

/** The fields of an input object and what each must be. */
export type FieldShape = Readonly<Record<string, z.ZodType>>;

/** The fields that were in order; one that was not is left out, and has a problem. */
export type Fields<S extends FieldShape> = { readonly [K in keyof S]?: z.output<S[K]> };

/** An input of which nothing is known but that it is an object. */
export type InputObject = Readonly<Record<string, unknown>>;

/** True for an object that is no array. */
export function isObject(input: unknown): input is InputObject {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** Where an input stands, for the paths of its problems, and the page that says what it must be. */
export interface InputPlace {
  /** Empty for the root. */
  readonly path: string;
  readonly source: string;
}

/**
 * Reads an object field by field, so that a wrong field hides neither the other fields' problems nor the rules between
 * those that are right. Unknown fields are problems.
 */
export function parseFields<S extends FieldShape>(
  shape: S,
  input: InputObject,
  place: InputPlace,
): { readonly fields: Fields<S>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = Object.keys(input)
    .filter((key) => !Object.hasOwn(shape, key) && input[key] !== undefined)
    .map((key) => ({
      path: joinPath(place.path, [key]),
      message: 'is not a known field',
      remedy: 'remove it or correct its spelling',
      source: place.source,
    }));
  const fields: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const result = schema.safeParse(input[key]);
    if (result.success) fields[key] = result.data;
    else problems.push(...issuesAsProblems(result.error, input[key], { ...place, path: joinPath(place.path, [key]) }));
  }
  return { fields: fields as Fields<S>, problems };
}

/** One problem per issue that zod found, with the value found at its place and what would be accepted. */
export function issuesAsProblems(error: z.ZodError, input: unknown, place: InputPlace): readonly Problem[] {
  return error.issues.flatMap((issue): readonly Problem[] => {
    const path = joinPath(place.path, issue.path);
    const value = valueAt(input, issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: joinPath(path, [key]),
        message: 'is not a known field',
        remedy: 'remove it or correct its spelling',
        source: place.source,
      }));
    }
    if (value === undefined) return [{ path, message: 'is required', source: place.source }];
    return [{ path, ...explain(issue), ...foundValue(value), source: place.source }];
  });
}

function explain(issue: z.core.$ZodIssue): Pick<Problem, 'message' | 'allowed'> {
  switch (issue.code) {
    case 'invalid_type':
      return { message: `must be of type ${issue.expected === 'int' ? 'integer' : issue.expected}` };
    case 'invalid_value':
      return { message: 'is not an allowed value', allowed: issue.values.map(String).join(', ') };
    case 'too_small':
      return { message: 'is too small', allowed: `at least ${issue.minimum}${unitOf(issue.origin)}` };
    case 'too_big':
      return { message: 'is too big', allowed: `at most ${issue.maximum}${unitOf(issue.origin)}` };
    default:
      return { message: issue.message };
  }
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

/** The value for the message, unless it is too long to help. */
function foundValue(value: unknown): { readonly value?: unknown } {
  return value === undefined || JSON.stringify(value).length > 200 ? {} : { value };
}

/** `a.b[2].c`. */
export function joinPath(base: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`),
    base,
  );
}
