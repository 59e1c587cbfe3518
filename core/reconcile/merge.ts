import type { Sides } from './entity.ts';
import { ReconcileError } from './errors.ts';
import type { Columns, Key, RowVersion, TableReader } from './table.ts';

/** Two versions of a row that a merge function is to make one of. */
export interface MergeRequest {
  readonly entity: string;
  /** Name of the function, from the config. */
  readonly mergeFunction: string;
  readonly key: Key;
  readonly regions: Sides<string>;
  readonly versions: Sides<RowVersion>;
}

/**
 * Calls the user's merge function. It must give the same content whenever it is given the same versions, as it is asked
 * when planning and again when applying.
 */
export type Merge = (request: MergeRequest) => Promise<MergedContent | MergeFailure>;

/** The one version: every column of the table, in the text form of the versions. */
export interface MergedContent {
  readonly columns: Columns;
}

/** Why there is no merged version. */
export interface MergeFailure {
  readonly failure: string;
}

/** A merged version, with the digest that it has once it is stored. */
export interface MergedVersion extends MergedContent {
  readonly digest: string;
}

/** What the function made of two versions. What it gives is judged: a content under another key would be another row. */
export async function mergeVersions(
  merge: Merge | undefined,
  request: MergeRequest,
  table: TableReader,
): Promise<MergedVersion | MergeFailure> {
  const name = `the merge function ${request.mergeFunction}`;
  if (merge === undefined) return { failure: `${name} cannot be called from here` };
  const made = await merge(request);
  if ('failure' in made) return { failure: `${name} failed: ${made.failure}` };
  const problem = await problemOf(made.columns, request, table);
  if (problem !== undefined) return { failure: `${name} gave no usable row: ${problem}` };
  const digest = await digestOf(made.columns, table);
  return typeof digest === 'string'
    ? { columns: made.columns, digest }
    : { failure: `${name} gave no usable row: ${digest.failure}` };
}

async function problemOf(made: Columns, { versions }: MergeRequest, table: TableReader): Promise<string | undefined> {
  const names = Object.keys(versions.source.columns);
  const missing = names.filter((name) => made[name] === undefined);
  const unknown = Object.keys(made).filter((name) => !names.includes(name));
  if (missing.length > 0) return `it leaves out ${missing.join(', ')}`;
  if (unknown.length > 0) return `it has columns that the table has not: ${unknown.join(', ')}`;
  const { key } = await table.shape();
  const moved = key.filter((name) => made[name] !== versions.source.columns[name]);
  return moved.length > 0 ? `it changes the key (${moved.join(', ')})` : undefined;
}

async function digestOf(columns: Columns, table: TableReader): Promise<string | MergeFailure> {
  try {
    const [digest] = await table.digestsOf([columns]);
    return digest ?? { failure: 'the table gives no digest of it' };
  } catch (error) {
    if (error instanceof ReconcileError && error.name === 'StoreRefusedError') return { failure: error.message };
    throw error;
  }
}
