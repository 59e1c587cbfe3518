import { applicationRegions, checksOf, observersOf } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type Problem, RefusedInputError } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { schemaProblems } from '../schema-problems.ts';
import { LINE_FORMS, type TraceLine } from './trace-line.ts';

const SOURCE = 'docs/decision-trace.md';
const FORMS = Object.entries(LINE_FORMS);
/** A verdict falls every ten seconds, also in a gap. */
const LONGEST_GAP_SECONDS = 7 * 86_400;

/** A trace, and what is wrong with it. */
interface Reading {
  readonly lines: TraceLine[];
  readonly problems: Problem[];
}

/**
 * Reads a trace, one JSON object a line, ordered by `t`. Empty lines say nothing.
 *
 * @throws {RefusedInputError} naming every malformed line by its number
 */
export function readTrace(text: string, subject: string, config: ResolvedConfig): readonly TraceLine[] {
  const { lines, problems }: Reading = { lines: [], problems: [] };
  const known = knownNames(config);
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const path = `line ${index + 1}`;
    const parsed = parseLine(line, path);
    const found = [...parsed.problems, ...(parsed.line === undefined ? [] : strangers(parsed.line, path, known))];
    const late = parsed.line === undefined ? undefined : orderProblem(parsed.line, path, lines.at(-1));
    if (late !== undefined) found.push(late);
    problems.push(...found);
    if (parsed.line !== undefined && found.length === 0) lines.push(parsed.line);
  }
  if (lines.length === 0 && problems.length === 0) {
    problems.push({ path: '', message: 'holds no line', remedy: 'write one JSON object a line', source: SOURCE });
  }
  if (problems.length > 0) throw new RefusedInputError(subject, problems, 'TRACE_REFUSED');
  return lines;
}

function parseLine(text: string, path: string): { readonly line?: TraceLine; readonly problems: readonly Problem[] } {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    return { problems: [{ path, message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` }] };
  }
  const form = isRecord(input) ? FORMS.find(([key]) => key in input) : undefined;
  if (form === undefined) {
    const allowed = `an object with one of the keys ${FORMS.map(([key]) => `"${key}"`).join(', ')}`;
    return { problems: [{ path, message: 'is no line of a trace', value: input, allowed, source: SOURCE }] };
  }
  const { data, error } = form[1].safeParse(input);
  if (error === undefined) return { line: data as TraceLine, problems: [] };
  return { problems: schemaProblems(error, { input, path, source: SOURCE, keysListedIn: SOURCE }) };
}

/** Which names a line may use, by its key. */
type KnownNames = Readonly<Record<'observer' | 'subject' | 'check' | 'service', readonly string[]>>;

function knownNames(config: ResolvedConfig): KnownNames {
  const checks = checksOf(config).map(({ name }) => name);
  return { observer: observersOf(config), subject: applicationRegions(config), check: checks, service: checks };
}

/** Names that the config does not know. */
function strangers(line: TraceLine, path: string, known: KnownNames): readonly Problem[] {
  return (Object.entries(known) as [keyof KnownNames, readonly string[]][]).flatMap(([key, allowed]) => {
    const value: unknown = Reflect.get(line, key);
    if (typeof value !== 'string' || allowed.includes(value)) return [];
    return [
      {
        path: `${path}.${key}`,
        message: `is no ${key} of the config`,
        value,
        allowed: allowed.join(', '),
        remedy: 'correct it, or give the config that the trace belongs to by --config',
      },
    ];
  });
}

function orderProblem(line: TraceLine, path: string, before: TraceLine | undefined): Problem | undefined {
  if (before === undefined) return undefined;
  if ('end' in before) return { path, message: 'stands after the end', remedy: 'let the line with "end" be the last' };
  if (line.t - before.t > LONGEST_GAP_SECONDS) {
    return {
      path: `${path}.t`,
      message: 'comes too long after the line before it',
      value: line.t,
      allowed: `at most ${before.t + LONGEST_GAP_SECONDS}, a week later`,
      remedy: 'let all times count from one moment, and judge what lies further apart as two traces',
    };
  }
  if (line.t >= before.t) return undefined;
  return {
    path: `${path}.t`,
    message: 'is earlier than the line before it',
    value: line.t,
    allowed: `${before.t} or later`,
    remedy: 'order the lines by t',
  };
}
