import { compareRange } from './compare-range.ts';
import type { Difference } from './difference.ts';
import { entityOf, readDocument, requireDocument } from './documents.ts';
import {
  type FoundRange,
  KEYS_LISTED,
  type KeyReason,
  type PartRef,
  type PlanHeader,
  planNames,
  type RangeRef,
  type ReconcilePorts,
} from './plan.ts';
import { changeKind, isOverwrite } from './row-changes.ts';

/** Most differences of one part: some 350 kB of text, and what one worker applies at a time. */
export const PART_DIFFERENCES = 1_000;

/**
 * Compares a range of a plan and stores what it finds, in parts; a range that has been compared is not compared again. Of
 * two that compare it at once, what the first one has found counts.
 */
export async function findInRange(
  ports: ReconcilePorts,
  header: PlanHeader,
  ref: RangeRef,
  onRows?: (rows: number) => void,
): Promise<FoundRange> {
  const name = planNames.found(header.planId, ref);
  const before = await readDocument<FoundRange>(ports, name);
  if (before !== undefined) {
    onRows?.(before.summary.rowsCompared);
    return before;
  }
  const { entity } = entityOf(header, ref.entity);
  const { cutEpochMs, regions, repair } = header;
  const parts = createParts(ports, header.planId, ref);
  const work = {
    entity,
    range: ref.range,
    order: ref.order,
    cutEpochMs,
    regions,
    repair,
    merge: ports.merge,
    limits: ports.limits,
    onRows,
  };
  const summary = await compareRange(work, ports.tables(entity), parts.add);
  const found = { ...ref, summary, ...(await parts.end()) };
  const isFirst = await ports.store.create(name, JSON.stringify(found));
  return isFirst ? found : requireDocument<FoundRange>(ports, name, `go on with the plan ${header.planId}`);
}

interface Parts {
  add(differences: readonly Difference[]): Promise<void>;
  end(): Promise<Pick<FoundRange, 'parts' | 'unresolvedKeys'>>;
}

/** Stores a part as soon as it is full, so that no more than one is ever held. */
function createParts(ports: ReconcilePorts, planId: string, { entity, index }: RangeRef): Parts {
  const parts: PartRef[] = [];
  const unresolvedKeys: KeyReason[] = [];
  let open: Difference[] = [];
  const close = async (): Promise<void> => {
    const text = open.map((difference) => `${JSON.stringify(difference)}\n`).join('');
    const counts = countChanges(open);
    const part = { entity, index, part: parts.length, ...counts, fingerprint: ports.fingerprint(text) };
    await ports.store.put(planNames.part(planId, part), text);
    parts.push(part);
    open = [];
  };
  return {
    add: async (differences) => {
      for (const difference of differences) {
        open.push(difference);
        const { key, resolution } = difference;
        if (resolution.kind === 'unresolved' && unresolvedKeys.length < KEYS_LISTED) {
          unresolvedKeys.push({ key, reason: resolution.reason });
        }
        if (open.length >= PART_DIFFERENCES) await close();
      }
    },
    end: async () => {
      if (open.length > 0) await close();
      return { parts, unresolvedKeys };
    },
  };
}

function countChanges(
  differences: readonly Difference[],
): Pick<PartRef, 'differences' | 'puts' | 'overwrites' | 'deletes'> {
  const kinds = differences.map(changeKind);
  return {
    differences: differences.length,
    puts: kinds.filter((kind) => kind === 'put').length,
    overwrites: differences.filter(isOverwrite).length,
    deletes: kinds.filter((kind) => kind === 'delete').length,
  };
}
