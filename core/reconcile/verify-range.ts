import { readPart } from './apply-plan.ts';
import { compareRange } from './compare-range.ts';
import type { ClassCounts, Difference } from './difference.ts';
import { entityOf, planRefused, readDocument, requireDocument, writeDocument } from './documents.ts';
import { keyId } from './key.ts';
import {
  type FoundRange,
  KEYS_LISTED,
  type KeyReason,
  type PlanHeader,
  planNames,
  type RangeRef,
  type ReconcilePorts,
} from './plan.ts';

/** What is left of a range that was touched. */
export interface VerifiedRange {
  readonly entity: string;
  readonly index: number;
  readonly rowsCompared: number;
  readonly bytesMoved: number;
  /** What still differs, whatever it is. */
  readonly remaining: ClassCounts;
  /** What still differs and is not what the plan left to a person. */
  readonly unexpected: number;
  /** The first of what still differs. */
  readonly keys: readonly KeyReason[];
}

/** Every range of a plan in which something differed. */
export function readTouched(ports: Pick<ReconcilePorts, 'store'>, planId: string): Promise<readonly RangeRef[]> {
  return requireDocument(ports, planNames.touched(planId), `finish the plan ${planId} first`);
}

/**
 * Compares a range again. One verification looks at each range once, however often this is repeated; another one, under
 * another id, looks at all of them anew.
 */
export async function verifyPlanRange(
  ports: ReconcilePorts,
  header: PlanHeader,
  ref: RangeRef,
  { verificationId, onRows }: { readonly verificationId: string; readonly onRows?: (rows: number) => void },
): Promise<VerifiedRange> {
  const name = planNames.verified(header.planId, verificationId, ref);
  const before = await readDocument<VerifiedRange>(ports, name);
  if (before !== undefined) return before;
  const { entity, order } = entityOf(header, ref.entity);
  const { cutEpochMs, regions } = header;
  const leftToPerson = await unresolvedKeys(ports, header.planId, ref);
  const keys: KeyReason[] = [];
  let unexpected = 0;
  const work = { entity, range: ref.range, order, cutEpochMs, regions, onRows };
  const summary = await compareRange(work, ports.tables(entity), async (differences) => {
    for (const difference of differences) {
      const isExpected = leftToPerson.has(keyId(difference.key));
      if (!isExpected) unexpected += 1;
      if (keys.length < KEYS_LISTED) keys.push({ key: difference.key, reason: reasonOf(difference, isExpected) });
    }
  });
  const { rowsCompared, bytesMoved, differences: remaining } = summary;
  const { entity: entityName, index } = ref;
  const verified = { entity: entityName, index, rowsCompared, bytesMoved, remaining, unexpected, keys };
  await writeDocument(ports, name, verified);
  return verified;
}

function reasonOf({ class: name, resolution }: Difference, isExpected: boolean): string {
  if (!isExpected) return `still differs: ${name}`;
  return resolution.kind === 'unresolved' ? resolution.reason : 'left to a person when the plan was made';
}

/** The keys that the plan leaves to a person; no more than a range has rows. */
async function unresolvedKeys(ports: ReconcilePorts, planId: string, ref: RangeRef): Promise<ReadonlySet<string>> {
  const found = await readDocument<FoundRange>(ports, planNames.found(planId, ref));
  if (found === undefined) throw planRefused(`the plan ${planId} is unfinished; go on with it`);
  const keys = new Set<string>();
  if (found.summary.unresolved === 0) return keys;
  for (const part of found.parts) {
    for (const { key, resolution } of await readPart(ports, planId, part)) {
      if (resolution.kind === 'unresolved') keys.add(keyId(key));
    }
  }
  return keys;
}
