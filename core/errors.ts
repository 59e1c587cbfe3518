/**
 * Who can put it right: the person who gave the input, the platform underneath (AWS, the network), or the authors of this code.
 */
export type ErrorSource = 'operator' | 'platform' | 'defect';

/** What every error of this project carries besides its message. */
export interface ErrorDetails {
  /** Stable and documented; a caller may branch on it. */
  readonly code: string;
  readonly source: ErrorSource;
  /** True where the same call may succeed later without anybody changing anything. */
  readonly retryable?: boolean;
  /** Facts for the log; never a secret. */
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one base class of all errors thrown here. Expected outcomes are returned values, not errors. */
export class SwitchyardError extends Error {
  override readonly name: string = 'SwitchyardError';
  readonly code: string;
  readonly source: ErrorSource;
  readonly retryable: boolean;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.source = details.source;
    this.retryable = details.retryable ?? false;
    this.context = details.context ?? {};
  }
}

/** One thing wrong with an input: where, what, what would be right, and what to do about it. */
export interface Problem {
  /** Where in the input, e.g. `regions[1].id`; empty for the input as a whole. */
  readonly path: string;
  /** What is wrong, lower case, without a full stop. */
  readonly message: string;
  /** The value found; left out where there is none or where it could be a secret. */
  readonly value?: unknown;
  /** What would be accepted. */
  readonly allowed?: string;
  /** What to do. */
  readonly remedy?: string;
  /** The page or rule that says so. */
  readonly source?: string;
}

/**
 * An input was refused. Carries every problem found, never only the first; nothing was written.
 * The command line ends with exit code 2 on it.
 */
export class RefusedInputError extends SwitchyardError {
  override readonly name = 'RefusedInputError';
  readonly problems: readonly Problem[];

  constructor(subject: string, problems: readonly Problem[], code = 'INPUT_REFUSED') {
    super([`${subject} is refused:`, ...problems.map(formatProblem)].join('\n'), {
      code,
      source: 'operator',
      context: { problems },
    });
    this.problems = problems;
  }
}

const LONGEST_VALUE = 200;

/** One line a person can act on: `path: what is wrong (found …; allowed …): remedy [source]`. */
export function formatProblem(problem: Problem): string {
  const facts = [
    problem.value === undefined ? undefined : `found ${abbreviate(problem.value)}`,
    problem.allowed === undefined ? undefined : `allowed: ${problem.allowed}`,
  ].filter((fact) => fact !== undefined);
  const where = problem.path === '' ? '' : `${problem.path}: `;
  const what = facts.length === 0 ? problem.message : `${problem.message} (${facts.join('; ')})`;
  const remedy = problem.remedy === undefined ? '' : `; ${problem.remedy}`;
  const source = problem.source === undefined ? '' : ` [${problem.source}]`;
  return `- ${where}${what}${remedy}${source}`;
}

function abbreviate(value: unknown): string {
  const text = printed(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

/** As JSON where it has such a form. What refuses an input must not itself fail on it. */
function printed(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
  }
}
