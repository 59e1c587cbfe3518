import type { ParityRevision } from '../config/parity-limits.ts';
import { blobsItem, type ItemResult } from './items.ts';
import type { AloneObject, ManifestPass } from './manifest.ts';

/** What is known of a Region beside the one that serves, for the moment at which that one can no longer be asked. */
export interface ParityRecord {
  /** The Region that would take over; the key of the record. */
  readonly target: string;
  /** The Region that it was compared with. */
  readonly source: string;
  /** When a comparison was last begun, whatever came of it, epoch ms. */
  readonly triedAtEpochMs: number;
  /** Of each item the newest result that says something; `unknown` only where there never was one. */
  readonly items: readonly ItemResult[];
  /** What each item whose last try said nothing said instead. */
  readonly unknownSince: Readonly<Record<string, readonly string[]>>;
  /** The revisions that the source was last seen with, and when, epoch ms. */
  readonly sourceRevisions: Readonly<Partial<Record<ParityRevision, string>>>;
  readonly revisionsSeenAtEpochMs: number | null;
  /** Listings of which a part has been compared, by the name of the manifest. */
  readonly passes: Readonly<Record<string, ManifestPass>>;
  /** What the last whole pass of a manifest found in the target alone, by its name. @default - nothing, as in an older record */
  readonly alone?: Readonly<Record<string, readonly AloneObject[]>>;
}

/** What came of a look: items that were not looked at are not in it. */
export interface Comparison {
  readonly target: string;
  readonly source: string;
  /** When it began, or the comparison did that it goes on with, epoch ms. */
  readonly triedAtEpochMs: number;
  readonly items: readonly ItemResult[];
  /** Undefined where they were not looked at, or the source did not tell them. */
  readonly sourceRevisions?: ParityRecord['sourceRevisions'] | undefined;
  readonly revisionsSeenAtEpochMs?: number | undefined;
  readonly passes: ParityRecord['passes'];
  /** Of manifests that were listed to their end. @default - of none */
  readonly alone?: ParityRecord['alone'];
}

/**
 * The record after a comparison. What said nothing leaves the result before it in its place, with its own time: a Region
 * that goes dark between two comparisons is judged by the last one in which both could be asked.
 *
 * @param on the items that the config asks for; what it no longer asks for is forgotten
 */
export function withComparison(before: ParityRecord | undefined, now: Comparison, on: readonly string[]): ParityRecord {
  const known = before?.source === now.source ? before : undefined;
  const { target, source, triedAtEpochMs, passes } = now;
  return {
    target,
    source,
    triedAtEpochMs,
    passes,
    alone: aloneAfter({ ...known?.alone, ...now.alone }, on),
    items: on.flatMap((item) => newest(known?.items.find(isOf(item)), now.items.find(isOf(item)))),
    unknownSince: Object.fromEntries(
      on.flatMap((item) => {
        const looked = now.items.find(isOf(item));
        const reasons = looked === undefined ? known?.unknownSince[item] : unknownReasons(looked);
        return reasons === undefined ? [] : [[item, reasons] as const];
      }),
    ),
    sourceRevisions: now.sourceRevisions ?? known?.sourceRevisions ?? {},
    revisionsSeenAtEpochMs: now.revisionsSeenAtEpochMs ?? known?.revisionsSeenAtEpochMs ?? null,
  };
}

function aloneAfter(alone: NonNullable<ParityRecord['alone']>, on: readonly string[]): ParityRecord['alone'] {
  return Object.fromEntries(
    Object.entries(alone).filter(([name, objects]) => objects.length > 0 && on.includes(blobsItem(name))),
  );
}

function isOf(item: string): (result: ItemResult) => boolean {
  return (result) => result.item === item;
}

function unknownReasons({ verdict, reasons }: ItemResult): readonly string[] | undefined {
  return verdict === 'unknown' ? reasons : undefined;
}

/** The newer one of those that say something; nothing where there is none. */
function newest(before: ItemResult | undefined, now: ItemResult | undefined): readonly ItemResult[] {
  const result = now === undefined || (now.verdict === 'unknown' && before !== undefined) ? before : now;
  return result === undefined ? [] : [result];
}

/** A schedule of minutes comes a little before or after them. */
const SLACK_MS = 30_000;

/** Whether everything is to be compared anew: the last time is long enough ago, or was with another Region. */
export function isComparisonDue(
  record: ParityRecord | undefined,
  { source, everyMinutes, nowEpochMs }: { source: string; everyMinutes: number; nowEpochMs: number },
): boolean {
  if (record === undefined || record.source !== source) return true;
  return nowEpochMs - record.triedAtEpochMs >= everyMinutes * 60_000 - SLACK_MS;
}
