/** One row of a result, a text or nothing for each of its columns; queries ask for text only. */
export type TextRow = readonly (string | null)[];

/** A value of a query: a text, a list of texts, or nothing. */
export type SqlValue = string | null | readonly (string | null)[];

/** Runs statements, one after the other. */
export interface SqlQueries {
  /**
   * @throws an error with the server's SQLSTATE as its `code`, or what the connection failed with
   */
  query(text: string, values?: readonly SqlValue[]): Promise<readonly TextRow[]>;
}

/**
 * One connection to one database, with the settings of `session-settings.ts`. Statements of others wait while a
 * transaction runs.
 */
export interface SqlSession extends SqlQueries {
  /** Runs the body in one transaction that may write, and commits it; what it throws undoes all of it. */
  transaction<Result>(body: (queries: SqlQueries) => Promise<Result>): Promise<Result>;
}

/** Begins a transaction that may write; each of its statements sees what others have committed until then. */
export const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE';
