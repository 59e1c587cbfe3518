/**
 * The key of a row: the value of each key column, in the order of the key and in the text form that the store gives it
 * for comparison. Two keys are the same row where all texts are equal. Only the store knows how keys are ordered.
 */
export type Key = readonly string[];

/** The rows whose keys are at or above `from` and below `to`; `null`: open-ended, so that no row lies outside. */
export interface KeyRange {
  readonly from: Key | null;
  readonly to: Key | null;
}

/** All rows of a table. */
export const WHOLE_TABLE: KeyRange = { from: null, to: null };

/** One column as it is compared. */
export interface Column {
  readonly name: string;
  /** Its type by the name that the store has for it; differing types are drift. */
  readonly type: string;
}

/** What has to be the same on both sides before rows are compared. */
export interface TableShape {
  /** In order of name: the place of a column in its table says nothing. */
  readonly columns: readonly Column[];
  /** Names of the key columns, in the order of the key. */
  readonly key: readonly string[];
  /**
   * Names the order of keys, such as a collation with its version. Where both sides name the same one, ranges are cut in
   * it; where they do not, both are asked to go by bytes.
   */
  readonly keyOrder: string;
  /**
   * Which tables the store has taken for names that leave it to choose, such as `orders` without a schema: the name as it
   * is given, and the whole one. Other ones on the other side are drift. Left out where every name says it itself.
   */
  readonly resolved?: Readonly<Record<string, string>> | undefined;
  /** The very table: the same text on both sides is one table, compared with itself. Left out where the store cannot tell. */
  readonly identity?: string | undefined;
}

/** How a store orders keys: as its index does, or by the bytes of their text, which is the same everywhere and slower. */
export type KeyOrder = 'native' | 'bytes';

/** A digest of a range, computed where the rows are. */
export interface RangeDigest {
  readonly rows: number;
  /** Equal for equal rows whatever their order on disk; includes the keys. */
  readonly digest: string;
}

/** One row of a range without its content. */
export interface RowDigest {
  readonly key: Key;
  /** Of the row's canonical text: types are normalised, so that what means the same has the same digest. */
  readonly digest: string;
}

/** The content of a row: each column's value as text that loses nothing, `null` where it has none. */
export type Columns = Readonly<Record<string, string | null>>;

/** A row as it stands on one side. */
export interface RowVersion {
  readonly key: Key;
  readonly digest: string;
  readonly columns: Columns;
  /** When it was last written, epoch ms, with a fraction where the store keeps finer times; `null` where the row does not say. */
  readonly modifiedAtEpochMs: number | null;
  /** When it was made, epoch ms; `null` or left out where the entity has no `createdColumn` or the row does not say. */
  readonly createdAtEpochMs?: number | null | undefined;
}

/** That a row was there and was deleted. */
export interface Tombstone {
  readonly key: Key;
  readonly deletedAtEpochMs: number;
}

/** What one side knows about some keys, now. */
export interface KeyedState {
  readonly rows: readonly RowVersion[];
  readonly tombstones: readonly Tombstone[];
  /**
   * Time of the oldest tombstone of the whole table: what was deleted before may be in none. `null` or left out: there is
   * no tombstone, so that their absence proves nothing.
   */
  readonly tombstonesSinceEpochMs?: number | null | undefined;
}

/** For how long the time of the oldest tombstone is taken for granted, ms: reading it may take a pass over all of them. */
export const OLDEST_TOMBSTONE_MS = 60_000;

/** What is read of rows. `digests`: everything but their content, `columns` being empty. */
export type StateDetail = 'contents' | 'digests';

/**
 * Reads one entity's table in one Region. Nothing but digests leaves the store until rows are known to differ.
 * Every method fails with a `ReconcileError` where the store does not answer.
 */
export interface TableReader {
  shape(): Promise<TableShape>;
  /** About how many rows there are; for progress and for cutting ranges, never for a verdict. */
  estimateRows(): Promise<number>;
  /**
   * At most `parts - 1` keys inside the range, ascending, that part it into about equal numbers of rows. Fewer, or none,
   * where it has too few rows; they need not be keys of rows.
   */
  boundaries(range: KeyRange, parts: number, order: KeyOrder): Promise<readonly Key[]>;
  /** One digest for each range, in their order. The ranges adjoin and ascend, so that one pass can serve them all. */
  digests(ranges: readonly KeyRange[], order: KeyOrder): Promise<readonly RangeDigest[]>;
  /**
   * A reader for the comparison of one range: it may answer further questions out of what it read for the first, as rows
   * that are written meanwhile count as written later. Left out where the store reads what it is asked for, and no more.
   */
  comparing?(): DigestReader;
  /** Digests of rows of a range, in any order; at most `limit + 1`, so that more than `limit` can be told. */
  rowDigests(range: KeyRange, limit: number, order: KeyOrder): Promise<readonly RowDigest[]>;
  /**
   * What stands under these keys now, and what is known to have been deleted.
   *
   * @param detail @default - 'contents'; with `digests` no content leaves the store
   */
  state(keys: readonly Key[], detail?: StateDetail): Promise<KeyedState>;
  /**
   * The digest that a row of this content would have here once it is written, one for each, in their order. A content
   * that no row here can have is a `StoreRefusedError`.
   */
  digestsOf(contents: readonly Columns[]): Promise<readonly string[]>;
}

/** What finds where two tables differ. */
export type DigestReader = Pick<TableReader, 'boundaries' | 'digests' | 'rowDigests'>;

/** A version that a change takes away, for the audit table. */
export interface AuditEntry {
  readonly planId: string;
  readonly entity: string;
  readonly key: Key;
  /** Region that held the version. */
  readonly region: string;
  readonly version: RowVersion;
  /** Why another one won, in words. */
  readonly reason: string;
  readonly recordedAtEpochMs: number;
}

/** One row to be written or deleted, if nobody has touched it since it was planned. */
export interface RowChange {
  readonly key: Key;
  /** Digest of the row that is there; `null`: none is. */
  readonly expected: string | null;
  /** Content that it is to have; `null`: it is to be deleted. */
  readonly columns: Columns | null;
  /** Digest that it then has; `null` where it is deleted. A row that has it already is done. */
  readonly wanted: string | null;
  /**
   * Versions that are lost by it, on either side; kept in the same transaction, once each however often this is repeated,
   * and also where the row has what is wanted already.
   */
  readonly audit: readonly AuditEntry[];
}

/** What became of a change. */
export type ChangeOutcome =
  | { readonly kind: 'applied' }
  /** It had been made before. */
  | { readonly kind: 'already' }
  /** Somebody wrote the row since it was planned: nothing was done. */
  | { readonly kind: 'changed-since' }
  /** The store refuses it, by a constraint for instance: nothing was done. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Writes one entity's table in one Region. */
export interface TableWriter {
  /**
   * Makes changes, each for itself all or nothing together with its audit; gives the outcomes in their order. One that is
   * refused keeps no other from being made.
   */
  apply(changes: readonly RowChange[]): Promise<readonly ChangeOutcome[]>;
  /** Makes sure that lost versions can be kept: creates the audit table where there is none. Idempotent. */
  prepareAudit(): Promise<void>;
}

/** One entity's table in one Region. */
export interface Table extends TableReader, TableWriter {}
