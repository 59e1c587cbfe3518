import { canonicalName } from './dns-name.ts';
import { groupKey } from './record-groups.ts';
import type { ResourceRecordSet } from './record-set.ts';

/** A pointer from one group to another, and the record set that holds it. */
interface Pointer {
  readonly to: string;
  readonly index: number;
}

/**
 * The indexes of record sets whose alias target or CNAME value closes a loop inside the zone; one per loop found.
 * Route 53 refuses such a record set ("creates a CNAME or alias loop in the zone").
 */
export function findLoops(recordSets: readonly ResourceRecordSet[]): readonly number[] {
  const pointers = pointersByGroup(recordSets);
  const closing: number[] = [];
  const finished = new Set<string>();
  for (const start of pointers.keys()) {
    const onPath = new Set([start]);
    const stack = [{ key: start, rest: [...(pointers.get(start) ?? [])] }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const pointer = top.rest.shift();
      if (pointer === undefined) {
        onPath.delete(top.key);
        finished.add(top.key);
        stack.pop();
      } else if (onPath.has(pointer.to)) {
        closing.push(pointer.index);
      } else if (!finished.has(pointer.to)) {
        onPath.add(pointer.to);
        stack.push({ key: pointer.to, rest: [...(pointers.get(pointer.to) ?? [])] });
      }
    }
  }
  return [...new Set(closing)].sort((a, b) => a - b);
}

function pointersByGroup(recordSets: readonly ResourceRecordSet[]): ReadonlyMap<string, readonly Pointer[]> {
  const pointers = new Map<string, Pointer[]>();
  for (const [index, recordSet] of recordSets.entries()) {
    const target =
      recordSet.AliasTarget?.DNSName ??
      (recordSet.Type === 'CNAME' ? recordSet.ResourceRecords?.[0]?.Value : undefined);
    if (target === undefined) continue;
    const from = groupKey(recordSet.Name, recordSet.Type);
    const held = pointers.get(from) ?? [];
    held.push({ to: groupKey(canonicalName(target), recordSet.Type), index });
    pointers.set(from, held);
  }
  return pointers;
}
