import { canonicalName } from './dns-name.ts';
import type { RecordType, ResourceRecordSet } from './record-set.ts';

/** A record set and where it stands in its list. */
export interface IndexedRecordSet {
  readonly recordSet: ResourceRecordSet;
  readonly index: number;
}

/** The record sets that one question asks for: those of one name and type. */
export interface RecordGroup {
  readonly name: string;
  readonly type: RecordType;
  /** In the order of the list; never empty. */
  readonly members: readonly [IndexedRecordSet, ...IndexedRecordSet[]];
}

/** The key of a group; names are compared in canonical spelling. */
export function groupKey(name: string, type: RecordType): string {
  return `${canonicalName(name)} ${type}`;
}

/** Sorts a list into its groups by key, in order of first appearance. */
export function groupRecordSets(recordSets: readonly ResourceRecordSet[]): ReadonlyMap<string, RecordGroup> {
  const groups = new Map<
    string,
    { name: string; type: RecordType; members: [IndexedRecordSet, ...IndexedRecordSet[]] }
  >();
  for (const [index, recordSet] of recordSets.entries()) {
    const key = groupKey(recordSet.Name, recordSet.Type);
    const group = groups.get(key);
    if (group !== undefined) group.members.push({ recordSet, index });
    else
      groups.set(key, { name: canonicalName(recordSet.Name), type: recordSet.Type, members: [{ recordSet, index }] });
  }
  return groups;
}
