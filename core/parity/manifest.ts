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
  /** What earlier passes found in the target alone. @default - nothing */
  readonly aloneBefore?: readonly AloneObject[];
}

/** An object that was found in the target alone. */
export interface AloneObject {
  readonly key: string;
  /** When the first of the passes began that have found it so without a break, epoch ms. */
  readonly sinceEpochMs: number;
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
  /** The first few that are in the target alone. @default - none, as in a pass of an older version */
  readonly alone?: readonly AloneObject[];
  readonly isDone: boolean;
}

/** Objects in the target alone that are remembered from pass to pass: a key may have 1,024 bytes, and the record is small. */
export const MOST_ALONE = 10;

/** Differences of a manifest that are named; all of them are counted. */
export const MOST_NAMED = 5;

/** Characters of a key that a difference shows; a key may have 1,024 bytes, and the record is read at every look. */
const LONGEST_KEY = 120;

/** A comparison that has not begun. */
export function newPass(beganAtEpochMs: number): ManifestPass {
  return { beganAtEpochMs, compared: 0, differing: 0, named: [], settling: 0, alone: [], isDone: false };
}

/** The same key of both Regions; undefined where one has no such object. */
export interface BlobPair {
  readonly source: BlobEntry | undefined;
  readonly target: BlobEntry | undefined;
}

/** The pass with one more key judged. */
export function withPair(pass: ManifestPass, pair: BlobPair, rules: ManifestRules): ManifestPass {
  const after = (pair.source ?? pair.target)?.key;
  const difference = differenceOf(pair, rules);
  const judged = { ...pass, after, compared: pass.compared + 1 };
  if (difference === undefined) return judged;
  const { beganAtEpochMs, alone = [] } = pass;
  const found = pair.source === undefined ? aloneSince(pair.target, { ...rules, beganAtEpochMs }) : [];
  const counted = { ...judged, alone: [...alone, ...found].slice(0, MOST_ALONE) };
  if (isSettling(pair, { ...rules, beganAtEpochMs })) return { ...counted, settling: pass.settling + 1 };
  const named =
    pass.named.length < MOST_NAMED ? [...pass.named, `${shortened(after ?? '')} ${difference}`] : pass.named;
  return { ...counted, differing: pass.differing + 1, named };
}

function aloneSince(
  target: BlobEntry | undefined,
  { aloneBefore = [], beganAtEpochMs }: Pick<ManifestRules, 'aloneBefore'> & Pick<ManifestPass, 'beganAtEpochMs'>,
): readonly AloneObject[] {
  if (target === undefined) return [];
  const { key } = target;
  return [{ key, sinceEpochMs: aloneBefore.find((one) => one.key === key)?.sinceEpochMs ?? beganAtEpochMs }];
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

/**
 * Whether either side is young enough for its copy to be on the way when the pass began, or was written during it. A
 * deletion has no date: it is on its way for as long as the object has not been seen in the target alone for that time.
 */
function isSettling(
  { source, target }: BlobPair,
  { beganAtEpochMs, ...rules }: ManifestRules & Pick<ManifestPass, 'beganAtEpochMs'>,
): boolean {
  const gone = source === undefined ? aloneSince(target, { ...rules, beganAtEpochMs }) : [];
  const changes = [source?.modifiedAtEpochMs, target?.modifiedAtEpochMs, gone[0]?.sinceEpochMs];
  return Math.max(...changes.map((at = 0) => at)) > beganAtEpochMs - rules.settleMinutes * 60_000;
}

function shortened(key: string): string {
  const text = JSON.stringify(key);
  return text.length <= LONGEST_KEY ? text : `${text.slice(0, LONGEST_KEY - 1)}…`;
}
