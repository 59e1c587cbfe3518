import { ReconcileError } from '../../core/reconcile/errors.ts';

/**
 * Classes of SQLSTATE that may pass by themselves (https://www.postgresql.org/docs/current/errcodes-appendix.html): lost
 * connections, rollbacks that a repetition may spare, too few resources, an object in use or locked, an operator's
 * intervention such as a restart or a timeout, a failure of the system underneath.
 */
const TRANSIENT_CLASSES = new Set(['08', '40', '53', '55', '57', '58']);
/** The data, a constraint, a trigger or a limit is against it: so it is with one row, and not with the next. */
const REFUSED_CHANGE_CLASSES = new Set(['09', '21', '22', '23', '27', '38', '39', '44', '54', 'P0']);
const READ_ONLY_TRANSACTION = '25006';
const SQLSTATE = /^[0-9A-Z]{5}$/;

/** The server's SQLSTATE; undefined where the error did not come from a server. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === 'string' && SQLSTATE.test(code) ? code : undefined;
}

/** Whether the store refused a change for what it is: another change may be made all the same. */
export function refusesChange(error: unknown): boolean {
  return REFUSED_CHANGE_CLASSES.has((sqlStateOf(error) ?? '').slice(0, 2));
}

/** A lock that somebody else kept for too long. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Whether a lock was not given in time. */
export function isLockTimeout(error: unknown): boolean {
  return sqlStateOf(error) === LOCK_NOT_AVAILABLE;
}

/** What the fields of a server's error name. */
interface ServerError {
  readonly message?: string;
  readonly constraint?: string;
  readonly column?: string;
  /** The stack of functions. */
  readonly where?: string;
}

/**
 * Classes whose messages quote values, or are the words of a function of the database: what rows say is to appear in no
 * report, message or log.
 */
const TOLD_WITHOUT_VALUES: Readonly<Record<string, string>> = {
  '09': 'a trigger refuses it',
  '22': 'a value is none that its column takes',
  '38': 'a function of the database refuses it',
  '39': 'a function of the database refuses it',
  P0: 'a function of the database refuses it',
};
const TOLD_BY_STATE: Readonly<Record<string, string>> = {
  '22001': 'a text is too long for its column',
  '22003': 'a number is out of the range of its type',
  '22007': 'invalid input syntax for a time',
  '22008': 'a time is out of the range of its type',
  '22P02': 'invalid input syntax for the type of a column',
  '22P05': 'a character that its type cannot hold',
};

/** Why a server refused, with the constraint, column or function that it names, and no value of a row. */
export function refusalOf(error: unknown): string {
  const { message, constraint, column, where } = error as ServerError;
  const state = sqlStateOf(error);
  const told = TOLD_BY_STATE[state ?? ''] ?? TOLD_WITHOUT_VALUES[(state ?? '').slice(0, 2)];
  const [, routine] = /PL\/pgSQL function (\S+)/.exec(where ?? '') ?? [];
  const names = [constraint, ...(told === undefined ? [] : [column, routine])];
  const text = told ?? message ?? String(error);
  const named = names.filter((name) => name !== undefined && name !== '' && !text.includes(name)).join(', ');
  const code = state ?? String((error as { readonly code?: unknown }).code ?? 'no SQLSTATE');
  return `${text}${named === '' ? '' : ` (${named})`} [${code}]`;
}

/** The error without the fields in which a server quotes rows and values, since loggers print a cause with all it has. */
function causeOf(error: unknown): unknown {
  const state = sqlStateOf(error);
  if (state === undefined) return error;
  const told = TOLD_WITHOUT_VALUES[state.slice(0, 2)] !== undefined;
  return Object.assign(new Error(told ? refusalOf(error) : (error as Error).message), { code: state });
}

/** Runs a call against `what` and translates what it throws; errors of our own, and defects, pass. */
export async function translated<Result>(what: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof ReconcileError || isDefect(error) ? error : translateError(what, error);
  }
}

function isDefect(error: unknown): boolean {
  return [TypeError, RangeError, SyntaxError, ReferenceError].some((kind) => error instanceof kind);
}

/** Codes of Node for a certificate that it does not trust. */
const CERTIFICATE = /CERT|SIGNATURE|ERR_TLS/;

function translateError(what: string, error: unknown): ReconcileError {
  const state = sqlStateOf(error);
  const code = String((error as { readonly code?: unknown }).code ?? '');
  // Without a SQLSTATE no server has spoken: the connection was refused, was lost, or was never there.
  const transient = state === undefined ? !CERTIFICATE.test(code) : TRANSIENT_CLASSES.has(state.slice(0, 2));
  const remedy = transient ? '' : `; ${remedyOf(state)}`;
  return new ReconcileError(
    transient ? 'TransientStoreError' : 'StoreRefusedError',
    `${what}: ${refusalOf(error)}${remedy}`,
    { cause: causeOf(error), ...(transient ? {} : { source: 'operator' }) },
  );
}

function remedyOf(state: string | undefined): string {
  if (state === undefined)
    return 'trust the authority of its certificate (NODE_EXTRA_CA_CERTS), or give the name that it is for';
  if (state === READ_ONLY_TRANSACTION) return 'this server takes no writes: give the address of the one that does';
  if (state.startsWith('28')) return 'check user and password of the connection';
  if (state === '42501') return 'give the role of the connection the right to do it (docs/reconciliation.md)';
  return 'put right what the server names, then run it again';
}
