import type * as z from 'zod';
import type { Problem } from './errors.ts';

type Issue = z.core.$ZodIssue;
/** Issues about a value that is none of a list. */
const CHOICES: ReadonlySet<Issue['code']> = new Set(['invalid_value', 'invalid_union']);
type UnionIssue = Extract<Issue, { code: 'invalid_union' }>;

/** An input that a schema judged, and what its problems are to say beside what is wrong. */
export interface JudgedInput {
  readonly input: unknown;
  /** Where the input stands in a larger one. @default - it is the whole */
  readonly path?: string;
  /** Page that says what it must be. @default - none is named */
  readonly source?: string | undefined;
  /** Document that lists every key. @default - none is named */
  readonly keysListedIn?: string;
}

/** Translates what the schema library found into problems a person can act on; one problem per unknown key. */
export function schemaProblems(error: z.ZodError, judged: JudgedInput): readonly Problem[] {
  return error.issues.flatMap((issue) => translate(issue, judged, []));
}

/** The problem of a key that has no place where it stands. */
export function unknownKey(path: string, { source, keysListedIn }: Omit<JudgedInput, 'input'> = {}): Problem {
  const list = keysListedIn === undefined ? '' : ` (${keysListedIn} lists every key)`;
  return {
    path,
    message: 'is not a known key',
    remedy: `remove it or correct its spelling${list}`,
    ...(source === undefined ? {} : { source }),
  };
}

function translate(issue: Issue, judged: JudgedInput, parents: readonly PropertyKey[]): readonly Problem[] {
  const keys = [...parents, ...issue.path];
  const path = joinPath(judged.path ?? '', keys);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(joinPath(path, [key]), judged));
  if (issue.code === 'invalid_union') return unionProblems(issue, judged, keys);
  return [problemOf(issue, judged, keys)];
}

function problemOf(issue: Issue, judged: JudgedInput, keys: readonly PropertyKey[]): Problem {
  const value = valueAt(judged.input, keys);
  const { message, allowed } = value === undefined ? { ...explain(issue), message: 'is missing' } : explain(issue);
  // Of a key that cannot be one, the key is what is wrong, and not what stands under it.
  const wrong = issue.code === 'invalid_key' ? keys.at(-1) : value;
  return {
    path: joinPath(judged.path ?? '', keys),
    message,
    ...(wrong === undefined ? {} : { value: wrong }),
    ...(allowed === undefined ? {} : { allowed }),
    remedy: value === undefined ? 'add it' : CHOICES.has(issue.code) ? 'use one of the allowed values' : 'correct it',
    ...(judged.source === undefined ? {} : { source: judged.source }),
  };
}

function explain(issue: Issue): { readonly message: string; readonly allowed?: string } {
  switch (issue.code) {
    case 'invalid_type':
      return { message: 'has the wrong type', allowed: issue.expected };
    case 'invalid_value':
      return describeChoice(issue);
    case 'invalid_union':
      return { message: hasOwnMessage(issue) ? issue.message : 'is not known here', ...optionsOf(issue) };
    case 'invalid_key':
      return { message: issue.issues[0]?.message ?? 'is not a name that can stand here' };
    case 'invalid_format':
      return 'prefix' in issue && !hasOwnMessage(issue)
        ? { message: 'has the wrong form', allowed: `a text that begins with ${JSON.stringify(issue.prefix)}` }
        : { message: issue.message };
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
      return { message: 'is out of range', allowed: range(issue) };
    default:
      return { message: issue.message };
  }
}

/**
 * A union with a message of its own says that. Of others, the branch that came closest (fewest issues) speaks; a wrong
 * discriminator speaks itself.
 */
function unionProblems(issue: UnionIssue, judged: JudgedInput, keys: readonly PropertyKey[]): readonly Problem[] {
  const branches = issue.errors.filter((branch) => branch.length > 0);
  const closest = branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (closest === undefined || hasOwnMessage(issue)) return [problemOf(issue, judged, keys)];
  return closest.flatMap((inner) => translate(inner, judged, keys));
}

function optionsOf(issue: UnionIssue): { readonly allowed?: string } {
  return 'options' in issue && Array.isArray(issue.options) ? { allowed: issue.options.map(String).join(', ') } : {};
}

function depth(branch: readonly Issue[]): number {
  return Math.max(
    ...branch.map((inner) => (inner.code === 'invalid_type' && inner.path.length === 0 ? -1 : inner.path.length)),
  );
}

function describeChoice(issue: Extract<Issue, { code: 'invalid_value' }>): { message: string; allowed: string } {
  const allowed = issue.values.map(String).join(', ');
  return { message: hasOwnMessage(issue) ? issue.message : 'is not an allowed value', allowed };
}

/** The schema library's own messages begin like this; those of a schema of ours do not. */
function hasOwnMessage({ message }: Issue): boolean {
  return !message.startsWith('Invalid');
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

/** `regions[1].id`, as a person would write it; a key that is no word stands in quotes and brackets. */
export function joinPath(base: string, keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, part) => {
    if (typeof part === 'number') return `${path}[${part}]`;
    const key = String(part);
    if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, base);
}

/** The path of what stands at `path` in an input that itself stands at `base`; either may be empty. */
export function pathBelow(base: string, path: string): string {
  return base === '' || path === '' || path.startsWith('[') ? `${base}${path}` : `${base}.${path}`;
}
