/** An object as a listing tells it. */
export interface BlobEntry {
  readonly key: string;
  readonly sizeBytes: number;
  /** Without its quotes; empty where the listing tells none. */
  readonly etag: string;
  readonly modifiedAtEpochMs: number;
}

/** A part of a listing, in the order of {@link compareKeys}. */
export interface ManifestPage {
  readonly entries: readonly BlobEntry[];
  /** Whether nothing comes after it; a page without entries is the last. */
  readonly isLast: boolean;
}

/** Gives the page that begins right after a key; the first one where none is given. */
export type ReadPage = (after: string | undefined) => Promise<ManifestPage>;

/** What counts as a difference. */
export interface ManifestRules {
  readonly etags: 'compare' | 'ignore';
  readonly onlyInTarget: 'refuse' | 'allow';
  readonly settleMinutes: number;
}

/** How far a comparison of two listings has come: small whatever their size, so that another run goes on from it. */
export interface ManifestPass {
  readonly beganAtEpochMs: number;
  /** The last key that was judged; undefined before the first. */
  readonly after?: string | undefined;
  /** Keys judged, those of both Regions once. */
  readonly compared: number;
  readonly differing: number;
  /** Differences in words, the first few of them. */
  readonly named: readonly string[];
  /** Differences that are too young to be judged. */
  readonly settling: number;
  readonly isDone: boolean;
}

/** Differences of a manifest that are named; all of them are counted. */
export const MOST_NAMED = 5;

/** Characters of a key that a difference shows; a key may have 1,024 bytes, and the record is read at every look. */
const LONGEST_KEY = 120;

/** A comparison that has not begun. */
export function newPass(beganAtEpochMs: number): ManifestPass {
  return { beganAtEpochMs, compared: 0, differing: 0, named: [], settling: 0, isDone: false };
}

/** The same key of both Regions; undefined where one has no such object. */
export interface BlobPair {
  readonly source: BlobEntry | undefined;
  readonly target: BlobEntry | undefined;
}

/** The pass with one more key judged. */
export function withPair(pass: ManifestPass, pair: BlobPair, rules: ManifestRules): ManifestPass {
  const after = (pair.source ?? pair.target)?.key;
  const judged = { ...pass, after, compared: pass.compared + 1 };
  const difference = differenceOf(pair, rules);
  if (difference === undefined) return judged;
  if (isSettling(pair, { ...rules, beganAtEpochMs: pass.beganAtEpochMs })) {
    return { ...judged, settling: pass.settling + 1 };
  }
  const named =
    pass.named.length < MOST_NAMED ? [...pass.named, `${shortened(after ?? '')} ${difference}`] : pass.named;
  return { ...judged, differing: pass.differing + 1, named };
}

/** How the two differ; undefined where they do not. */
function differenceOf({ source, target }: BlobPair, { etags, onlyInTarget }: ManifestRules): string | undefined {
  if (target === undefined) return 'is missing in the target';
  if (source === undefined) return onlyInTarget === 'allow' ? undefined : 'is in the target alone';
  if (source.sizeBytes !== target.sizeBytes) return `has ${source.sizeBytes} and ${target.sizeBytes} bytes`;
  if (etags === 'ignore' || (source.etag === target.etag && source.etag !== '')) return undefined;
  return isMultipart(source) || isMultipart(target)
    ? 'has another ETag (multipart: other parts give another one for the same bytes)'
    : 'has another ETag';
}

/**
 * The ETag of a multipart upload is made of those of its parts and ends in their number.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (ETag)
 */
function isMultipart({ etag }: BlobEntry): boolean {
  return /-\d+$/.test(etag);
}

/** Whether either side is young enough for its copy to be on the way when the pass began, or was written during it. */
function isSettling(
  { source, target }: BlobPair,
  { settleMinutes, beganAtEpochMs }: { settleMinutes: number; beganAtEpochMs: number },
): boolean {
  const newest = Math.max(source?.modifiedAtEpochMs ?? 0, target?.modifiedAtEpochMs ?? 0);
  return newest > beganAtEpochMs - settleMinutes * 60_000;
}

function shortened(key: string): string {
  const text = JSON.stringify(key);
  return text.length <= LONGEST_KEY ? text : `${text.slice(0, LONGEST_KEY - 1)}…`;
}
