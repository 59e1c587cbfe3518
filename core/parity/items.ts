import { PARITY_REVISIONS, type ParityRevision } from '../config/parity-limits.ts';
import type { ResolvedConfig } from '../config/types.ts';

/** What has come of comparing one thing: `unknown` is not equal. */
export interface ItemResult {
  /** `index`, `revisions`, `gold-probes`, `dedupe-store`, or `blobs:` and the name of a manifest. */
  readonly item: string;
  readonly verdict: 'equal' | 'different' | 'unknown';
  /** Why it is not equal; every reason. */
  readonly reasons: readonly string[];
  /** When the two Regions were looked at; the beginning, where that took a while. Epoch ms. */
  readonly comparedAtEpochMs: number;
  /** What was looked at and not judged. */
  readonly notes?: readonly string[];
}

type ParityConfig = Pick<ResolvedConfig, 'parity' | 'contract'>;

/** The revision that says which index a Region answers from; an item of its own. */
export const INDEX_REVISION: ParityRevision = 'index_hash';

export const INDEX_ITEM = 'index';
export const REVISIONS_ITEM = 'revisions';
export const GOLD_ITEM = 'gold-probes';
export const DEDUPE_ITEM = 'dedupe-store';

/** The item of a manifest. */
export function blobsItem(name: string): string {
  return `blobs:${name}`;
}

/** Revisions that have to be equal: as given, or those that the config expects. */
export function parityRevisions({ parity, contract }: ParityConfig): readonly ParityRevision[] {
  return PARITY_REVISIONS.filter(
    (revision) => parity.revisions?.includes(revision) ?? contract.expected[revision] !== undefined,
  );
}

/** The items that are on, in the order in which they are told. */
export function parityItems(config: ParityConfig): readonly string[] {
  const { parity } = config;
  const revisions = parityRevisions(config);
  return [
    ...(revisions.includes(INDEX_REVISION) ? [INDEX_ITEM] : []),
    ...(revisions.some((revision) => revision !== INDEX_REVISION) ? [REVISIONS_ITEM] : []),
    ...parity.blobs.map(({ name }) => blobsItem(name)),
    ...(parity.goldProbes === undefined ? [] : [GOLD_ITEM]),
    ...(parity.dedupe === undefined ? [] : [DEDUPE_ITEM]),
  ];
}

/** The revisions of which an item speaks. */
export function revisionsOf(item: string, config: ParityConfig): readonly ParityRevision[] {
  return parityRevisions(config).filter((revision) => (revision === INDEX_REVISION) === (item === INDEX_ITEM));
}

/**
 * Whether Regions have to be compared while both are well. Revisions that the config expects need not be: observers hold
 * every Region to them in every round (docs/contract-health.md).
 */
export function needsComparison(config: ParityConfig): boolean {
  const { parity, contract } = config;
  const unexpected = parityRevisions(config).some((revision) => contract.expected[revision] === undefined);
  return (
    unexpected ||
    parityItems(config).some((item) => item !== INDEX_ITEM && item !== REVISIONS_ITEM) ||
    parity.blobs.length > 0
  );
}
