import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { canonicalName } from './dns-name.ts';
import { type EpochMark, epochRecord, parseEpochMark } from './epoch-record.ts';
import type { ResourceRecordSet } from './record-set.ts';
import { allZeroGroup, type DesiredWeight } from './weights.ts';

/** One change, in the API's shape. */
export interface Change {
  readonly Action: 'CREATE' | 'DELETE' | 'UPSERT';
  readonly ResourceRecordSet: ResourceRecordSet;
}

/** What a plan came to: changes to apply (none where the zone already agrees), or why it must not be applied. */
export type WeightPlan =
  | { readonly kind: 'changes'; readonly changes: readonly Change[]; readonly mark: EpochMark }
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'refused';
      readonly code: 'newer-epoch' | 'missing-records' | 'all-zero';
      readonly reason: string;
    };

/** The live records, and what they are to say. */
export interface WantedRecords {
  readonly live: readonly ResourceRecordSet[];
  readonly desired: readonly DesiredWeight[];
  readonly epoch: number;
  /** Of the records that have a TTL. @default - as they have it */
  readonly ttlSeconds?: number;
}

/**
 * Plans one atomic batch that gives the live records their weights and their TTL and swaps the epoch record from exactly the value
 * that was read, so that a batch planned earlier, or by an older operation, fails as a whole.
 * Planning on the result of applying a plan plans nothing. Where the weights agree already and the mark is an older
 * operation's, the mark alone is swapped, or that operation's batch could still go in. Records of a Region that is being
 * added are left to the deployment that adds them.
 *
 * Source of the hazard: a delayed writer that had checked first, https://aws.amazon.com/message/101925/
 */
export function planWeightChange(
  config: ResolvedConfig,
  { live, desired, epoch, ttlSeconds }: WantedRecords,
): WeightPlan {
  const marker = live.find((record) => sameName(record.Name, names.epochRecord(config)) && record.Type === 'TXT');
  const mark = marker === undefined ? undefined : parseEpochMark(marker);
  if (mark !== undefined && mark.epoch > epoch) {
    return {
      kind: 'refused',
      code: 'newer-epoch',
      reason: `the zone was written under epoch ${mark.epoch}, this operation has epoch ${epoch}`,
    };
  }
  const trap = allZeroGroup(desired);
  if (trap !== undefined) {
    return {
      kind: 'refused',
      code: 'all-zero',
      reason: `every weight of ${trap} would be 0, which Route 53 answers in equal shares`,
    };
  }
  const pairs = desired.map((want) => ({ want, record: findLiveRecord(live, want) }));
  const missing = missingRecords(pairs);
  if (missing.length > 0) {
    return {
      kind: 'refused',
      code: 'missing-records',
      reason: `the zone lacks ${missing.join(', ')}; deploy the routing stack`,
    };
  }
  const upserts = pairs.flatMap(({ want, record }): Change[] => {
    if (record === undefined) return [];
    const TTL = record.TTL === undefined ? undefined : (ttlSeconds ?? record.TTL);
    if (record.Weight === want.weight && record.TTL === TTL) return [];
    const wanted = { ...record, Weight: want.weight, ...(TTL === undefined ? {} : { TTL }) };
    return [{ Action: 'UPSERT', ResourceRecordSet: wanted }];
  });
  if (upserts.length === 0 && mark?.epoch === epoch) return { kind: 'unchanged' };
  const next = { epoch, sequence: mark?.epoch === epoch ? mark.sequence + 1 : 1 };
  const swap: readonly Change[] = [
    ...(marker === undefined ? [] : [{ Action: 'DELETE', ResourceRecordSet: marker } as const]),
    { Action: 'CREATE', ResourceRecordSet: epochRecord(config, next) },
  ];
  return { kind: 'changes', changes: [...swap, ...upserts], mark: next };
}

/** A desired weight and the live record that is to have it, if there is one. */
interface Pair {
  readonly want: DesiredWeight;
  readonly record: ResourceRecordSet | undefined;
}

/**
 * The records without which a plan would say too little. One that is to have weight 0 carries as much while it is not
 * there, and a group of which nothing is there belongs to a Region that is being added, where other groups are there: an
 * operation must not wait for the deployment that brings them, which itself waits for operations.
 */
function missingRecords(pairs: readonly Pair[]): readonly string[] {
  const present = new Set(pairs.filter(({ record }) => record !== undefined).map(({ want }) => want.name));
  return pairs
    .filter(({ record }) => record === undefined)
    .filter(({ want }) => present.size === 0 || (present.has(want.name) && want.weight > 0))
    .map(({ want }) => `${want.name}/${want.setIdentifier}`);
}

/** The live record of a desired weight; undefined where the zone has none. */
export function findLiveRecord(
  live: readonly ResourceRecordSet[],
  want: Pick<DesiredWeight, 'name' | 'setIdentifier'>,
): ResourceRecordSet | undefined {
  return live.find((record) => isFor(record, want));
}

/** Whether a live record has another weight than it is to have; one that is not there has none. */
export function hasDrifted(live: readonly ResourceRecordSet[], desired: readonly DesiredWeight[]): boolean {
  return desired.some((want) => (findLiveRecord(live, want)?.Weight ?? want.weight) !== want.weight);
}

/** Route 53 returns names in lower case with a trailing dot; a config has none. */
function sameName(live: string, ours: string): boolean {
  return canonicalName(live) === canonicalName(ours);
}

function isFor(
  record: ResourceRecordSet,
  { name, setIdentifier }: Pick<DesiredWeight, 'name' | 'setIdentifier'>,
): boolean {
  return sameName(record.Name, name) && record.SetIdentifier === setIdentifier && record.Weight !== undefined;
}
