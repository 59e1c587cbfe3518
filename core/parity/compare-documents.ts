import type { ParityRevision } from '../config/parity-limits.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { ContractHealth } from '../health/contract.ts';
import { DEDUPE_ITEM, INDEX_ITEM, type ItemResult, parityItems, REVISIONS_ITEM, revisionsOf } from './items.ts';

type ParityConfig = Pick<ResolvedConfig, 'parity' | 'contract'>;

/** A Region's contract health document, or why there is none. */
export type DocumentSight =
  | { readonly region: string; readonly document: ContractHealth }
  | { readonly region: string; readonly missing: string };

/** The documents of the two Regions. */
export interface DocumentPair {
  readonly source: DocumentSight;
  readonly target: DocumentSight;
}

/** Items that are read in the documents, both of them at hand. */
export function compareDocuments(config: ParityConfig, pair: DocumentPair, nowEpochMs: number): readonly ItemResult[] {
  return parityItems(config).flatMap((item): readonly ItemResult[] => {
    const found = findingsOf(config, item, pair);
    return found === undefined ? [] : [{ item, ...verdictOf(found), comparedAtEpochMs: nowEpochMs }];
  });
}

/** One thing that is not equal, or not known to be. */
export interface Finding {
  readonly kind: 'different' | 'unknown';
  readonly reason: string;
}

/** A verdict over findings: a difference outweighs what is unknown, and no reason is left out. */
export function verdictOf(findings: readonly Finding[]): Pick<ItemResult, 'verdict' | 'reasons'> {
  const reasons = findings.map(({ reason }) => reason);
  if (findings.some(({ kind }) => kind === 'different')) return { verdict: 'different', reasons };
  return { verdict: findings.length === 0 ? 'equal' : 'unknown', reasons };
}

function findingsOf(config: ParityConfig, item: string, pair: DocumentPair): readonly Finding[] | undefined {
  const sights = [pair.source, pair.target];
  if (item === DEDUPE_ITEM) return sights.flatMap((sight) => judgeDedupe(config, sight));
  if (item !== INDEX_ITEM && item !== REVISIONS_ITEM) return undefined;
  const missing = sights.flatMap(missingOf);
  if (missing.length > 0) return missing;
  return revisionsOf(item, config).flatMap((revision) => compareRevision(revision, pair));
}

function missingOf(sight: DocumentSight): readonly Finding[] {
  return 'missing' in sight ? [{ kind: 'unknown', reason: `${sight.region}: ${sight.missing}` }] : [];
}

function compareRevision(revision: ParityRevision, { source, target }: DocumentPair): readonly Finding[] {
  return judgeRevision(revision, [toldBy(source, revision), toldBy(target, revision)]);
}

function toldBy(sight: DocumentSight, revision: ParityRevision): ToldRevision {
  return { region: sight.region, value: 'document' in sight ? sight.document[revision] : undefined };
}

/** What a Region says of a revision; undefined where it says nothing. */
export interface ToldRevision {
  readonly region: string;
  readonly value: string | undefined;
}

/** Exactly equal, or why not: what one Region does not tell is not equal to anything. */
export function judgeRevision(
  revision: ParityRevision,
  [source, target]: readonly [ToldRevision, ToldRevision],
): readonly Finding[] {
  if (source.value === undefined && target.value === undefined) {
    return [{ kind: 'unknown', reason: `${revision} is told by neither ${source.region} nor ${target.region}` }];
  }
  if (source.value === target.value) return [];
  const told = [source, target].map(({ region, value }) => `${JSON.stringify(value ?? null)} in ${region}`);
  return [{ kind: 'different', reason: `${revision} is ${told.join(' and ')}` }];
}

/** The store of idempotency keys has to be reached and warm: else the first retry after the move is done twice. */
export function judgeDedupe({ parity }: Pick<ResolvedConfig, 'parity'>, sight: DocumentSight): readonly Finding[] {
  const missing = missingOf(sight);
  if (missing.length > 0 || !('document' in sight) || parity.dedupe === undefined) return missing;
  const { component } = parity.dedupe;
  const told = sight.document.checks[component];
  const where = `${component} in ${sight.region}`;
  if (told === undefined || told.status === 'unknown') return [{ kind: 'unknown', reason: `${where} is not reported` }];
  if (told.status === 'failed') {
    return [
      { kind: 'different', reason: `${where} is not reached${told.reason === undefined ? '' : ` (${told.reason})`}` },
    ];
  }
  if (told['warm'] === true) return [];
  return told['warm'] === false
    ? [{ kind: 'different', reason: `${where} is cold` }]
    : [{ kind: 'unknown', reason: `${where} does not say whether it is warm` }];
}
