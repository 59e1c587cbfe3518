/** How long a statement may run, ms: less than the 15 minutes of a function, so that its end is told by the server. */
export const DEFAULT_STATEMENT_TIMEOUT_MS = 600_000;
/** How long a repair waits for a lock that somebody else holds, ms. */
const LOCK_TIMEOUT_MS = 5_000;
/** How long a transaction of ours may stand still before the server ends it, so that a dead caller holds no lock, ms. */
const IDLE_TIMEOUT_MS = 60_000;

/**
 * What a session sets, by name (https://www.postgresql.org/docs/current/runtime-config-client.html).
 * - Text that is the same on every server, and that loses nothing: times in UTC, floating-point numbers in their shortest exact form.
 * - Consideration for what else runs there: no parallel workers, so that a comparison takes one processor of a side at most,
 *   and no compilation of statements.
 * - Nothing hidden: a policy of row security that would leave out rows is an error.
 * - Reads unless a transaction says that it writes.
 */
export function sessionSettings(statementTimeoutMs: number): Readonly<Record<string, string>> {
  return {
    client_encoding: 'UTF8',
    standard_conforming_strings: 'on',
    TimeZone: 'UTC',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'postgres',
    extra_float_digits: '1',
    bytea_output: 'hex',
    lc_monetary: 'C',
    xmloption: 'content',
    row_security: 'off',
    max_parallel_workers_per_gather: '0',
    jit: 'off',
    default_transaction_read_only: 'on',
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(LOCK_TIMEOUT_MS),
    idle_in_transaction_session_timeout: String(IDLE_TIMEOUT_MS),
  };
}

/** Statement that makes the settings, and says what of the server has to be known for comparing. */
export function settingsQuery(statementTimeoutMs: number): string {
  const settings = Object.entries(sessionSettings(statementTimeoutMs));
  return `SELECT ${settings.map(([name, value]) => `set_config('${name}', '${value}', false)`).join(', ')}`;
}
