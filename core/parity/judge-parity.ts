import type { ParityRevision } from '../config/parity-limits.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { type DocumentSight, type Finding, judgeDedupe, judgeRevision, verdictOf } from './compare-documents.ts';
import { DEDUPE_ITEM, INDEX_ITEM, type ItemResult, parityItems, REVISIONS_ITEM, revisionsOf } from './items.ts';
import type { ParityRecord } from './parity-record.ts';

type ParityConfig = Pick<ResolvedConfig, 'parity' | 'contract'>;

/** What is known where the source may be dark: the last comparison, and what the target says of itself. */
export interface ParitySight {
  readonly source: string;
  readonly target: DocumentSight;
  /** Of the target; undefined where it was never compared. */
  readonly record: ParityRecord | undefined;
  /** Until when the source is known to have served: what it was compared with before may have changed until then. Epoch ms. */
  readonly sourceHeardUntilEpochMs: number;
  readonly nowEpochMs: number;
}

/** The gate's answer about content: what stands in the way, what was let pass, and every item for the record. */
export interface ParityJudgement {
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
  readonly items: readonly ItemResult[];
}

/**
 * Judges whether a target holds what the source held, without asking the source. What the config expects of a revision is
 * what counts there: the source may be left because it runs another one.
 */
export function judgeParity(config: ParityConfig, sight: ParitySight): ParityJudgement {
  const items = parityItems(config).map((item) => judgeItem(config, item, sight));
  const { reasons, notes } = concludeParity(
    config,
    items.filter(({ item }) => !isToldByContract(config, item)),
  );
  return { items, reasons, notes };
}

/** Where the config expects every revision of an item, the contract gate gives the reasons: each is told once. */
function isToldByContract(config: ParityConfig, item: string): boolean {
  if (item !== INDEX_ITEM && item !== REVISIONS_ITEM) return false;
  return revisionsOf(item, config).every((revision) => config.contract.expected[revision] !== undefined);
}

/** What items mean for an operation: a difference stands in its way, and so does what is unknown unless the config lets it pass. */
export function concludeParity(
  { parity }: Pick<ResolvedConfig, 'parity'>,
  items: readonly ItemResult[],
): ParityJudgement {
  const told = (item: ItemResult): readonly string[] => item.reasons.map((reason) => tell(item, reason));
  const isInTheWay = ({ verdict }: ItemResult): boolean =>
    verdict === 'different' || (verdict === 'unknown' && parity.whenUnknown === 'refuse');
  return {
    items,
    reasons: items.filter(isInTheWay).flatMap(told),
    notes: [
      ...items.filter((item) => !isInTheWay(item)).flatMap(told),
      ...items.flatMap(({ item, notes = [] }) => notes.map((note) => `${item}: ${note}`)),
    ],
  };
}

function tell({ item, verdict }: ItemResult, reason: string): string {
  return `parity of ${item} ${verdict === 'different' ? 'is broken' : 'is unknown'}: ${reason}`;
}

function judgeItem(config: ParityConfig, item: string, sight: ParitySight): ItemResult {
  if (item === INDEX_ITEM || item === REVISIONS_ITEM) {
    const findings = revisionsOf(item, config).flatMap((revision) => judgeRevisionAlone(config, revision, sight));
    return { item, ...verdictOf(findings), comparedAtEpochMs: sight.nowEpochMs };
  }
  const compared = recordedItem(config, item, { ...sight, target: sight.target.region });
  if (item !== DEDUPE_ITEM) return compared;
  const alone = verdictOf(judgeDedupe(config, sight.target));
  return worse(compared, { item, ...alone, comparedAtEpochMs: sight.nowEpochMs });
}

/** Of an expected revision the target's own word decides; of another one what the source was last seen with. */
function judgeRevisionAlone(
  { parity, contract }: ParityConfig,
  revision: ParityRevision,
  { source, target, record, ...times }: ParitySight,
): readonly Finding[] {
  if ('missing' in target) return [{ kind: 'unknown', reason: `${target.region}: ${target.missing}` }];
  const told = { region: target.region, value: target.document[revision] };
  const expected = contract.expected[revision];
  if (expected !== undefined) return judgeRevision(revision, [{ region: 'the config', value: expected }, told]);
  const seenAt = record?.source === source ? record.revisionsSeenAtEpochMs : null;
  if (record === undefined || seenAt === null) {
    return [{ kind: 'unknown', reason: `${revision} of ${source} was never compared` }];
  }
  const stale = staleness(seenAt, { parity, ...times });
  if (stale !== undefined) return [{ kind: 'unknown', reason: `${revision} of ${source} ${stale}` }];
  return judgeRevision(revision, [{ region: source, value: record.sourceRevisions[revision] }, told]);
}

/** The same for an item of which only the comparison knows; the target by its id. */
export type RecordSight = Omit<ParitySight, 'target'> & { readonly target: string };

/** The newest comparison that said something; an old one is as good as none, and a difference that was seen stays one. */
export function recordedItem({ parity }: Pick<ResolvedConfig, 'parity'>, item: string, sight: RecordSight): ItemResult {
  const { record, source, target, nowEpochMs } = sight;
  const known = record?.source === source ? record : undefined;
  const found = known?.items.find((result) => result.item === item);
  if (found === undefined) {
    const reason = `never compared with ${source}`;
    return { item, verdict: 'unknown', reasons: [reason], comparedAtEpochMs: nowEpochMs };
  }
  if (found.verdict !== 'equal') return found;
  const stale = staleness(found.comparedAtEpochMs, { parity, ...sight });
  if (stale === undefined) return found;
  const why = (known?.unknownSince[item] ?? []).map((reason) => ` (${reason})`).join('');
  return { ...found, verdict: 'unknown', reasons: [`${target} ${stale}${why}`] };
}

/** Why a comparison says too little about the moment at which the source was last heard of; undefined where it does not. */
function staleness(
  comparedAtEpochMs: number,
  { parity, sourceHeardUntilEpochMs }: Pick<ParityConfig, 'parity'> & Pick<ParitySight, 'sourceHeardUntilEpochMs'>,
): string | undefined {
  const minutes = (sourceHeardUntilEpochMs - comparedAtEpochMs) / 60_000;
  if (minutes <= parity.maximumAgeMinutes) return undefined;
  return `was last compared ${Math.round(minutes)} min before the source was last heard of, ${parity.maximumAgeMinutes} are allowed`;
}

const GRAVITY: Readonly<Record<ItemResult['verdict'], number>> = { equal: 0, unknown: 1, different: 2 };

/** Both results in one: the graver verdict, and every reason once. */
function worse(a: ItemResult, b: ItemResult): ItemResult {
  const verdict = GRAVITY[a.verdict] >= GRAVITY[b.verdict] ? a.verdict : b.verdict;
  return { ...a, verdict, reasons: [...new Set([...a.reasons, ...b.reasons])] };
}

/** Differences that the schedule has seen since a moment, such as a release in one Region while a rung bakes. */
export function brokenSince(
  record: ParityRecord | undefined,
  { source, sinceEpochMs }: { readonly source: string; readonly sinceEpochMs: number },
): readonly string[] {
  const items = record?.source === source ? record.items : [];
  return items
    .filter(({ verdict, comparedAtEpochMs }) => verdict === 'different' && comparedAtEpochMs >= sinceEpochMs)
    .flatMap((item) => item.reasons.map((reason) => tell(item, reason)));
}

/** Every reason for which a move to the target would be refused by what was compared; judged as if the source were asked now. */
export function recordedReasons(
  config: ParityConfig,
  sight: Omit<RecordSight, 'sourceHeardUntilEpochMs'>,
): readonly string[] {
  const at = { ...sight, sourceHeardUntilEpochMs: sight.nowEpochMs };
  const items = parityItems(config).map((item) => recordedItem(config, item, at));
  return concludeParity(config, items).reasons;
}
