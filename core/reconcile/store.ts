/**
 * Keeps plans and what became of them: objects of text by name, in S3, in a folder, or in memory. Names are parted by
 * `/`; every method fails with a `ReconcileError` where the store does not answer.
 */
export interface ReconcileStore {
  /** Stores an object whole, in the place of one of that name. */
  put(name: string, text: string): Promise<void>;
  /** Stores an object whole; false, and nothing done, where one of that name is there. */
  create(name: string, text: string): Promise<boolean>;
  /** The object's text; undefined where there is none. */
  get(name: string): Promise<string | undefined>;
  /** Names that begin with `prefix`, ascending by their bytes. */
  names(prefix: string): AsyncIterable<string>;
}

/** Digest of a text, the same everywhere: SHA-256 in hexadecimal (`adapters/sha256.ts`). */
export type Fingerprint = (text: string) => string;
