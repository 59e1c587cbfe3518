import { SwitchyardError } from '../errors.ts';
import { compareKeys } from './key-order.ts';
import { type BlobEntry, type ManifestPass, type ManifestRules, type ReadPage, withPair } from './manifest.ts';

/** Two listings and what is made of them. */
export interface ManifestComparison {
  readonly source: ReadPage;
  readonly target: ReadPage;
  readonly rules: ManifestRules;
  /** Asked before pages are read: false ends the run, and the pass says where it goes on. */
  readonly mayGoOn: () => boolean;
}

/**
 * Walks both listings side by side, in the order that they share, holding one page of each whatever their size. A run
 * that ends early gives a pass that another one continues, with the same result as one that did not.
 *
 * @throws {SwitchyardError} `LISTING_UNORDERED` where a listing is not in the order of its keys
 */
export async function continuePass(
  pass: ManifestPass,
  { source, target, rules, mayGoOn }: ManifestComparison,
): Promise<ManifestPass> {
  const left = createReader(source, pass.after);
  const right = createReader(target, pass.after);
  let current = pass;
  while (!current.isDone) {
    if (left.isEmpty() || right.isEmpty()) {
      if (!mayGoOn()) return current;
      await Promise.all([left.fill(), right.fill()]);
    }
    current = judgeNext(current, { left, right, rules });
  }
  return current;
}

/** Judges the smaller of the next keys; done where neither side has one. */
function judgeNext(
  pass: ManifestPass,
  { left, right, rules }: { left: Reader; right: Reader; rules: ManifestRules },
): ManifestPass {
  const [source, target] = [left.next(), right.next()];
  if (source === undefined && target === undefined) return { ...pass, isDone: true };
  const order = orderOf(source, target);
  if (order <= 0) left.take();
  if (order >= 0) right.take();
  return withPair(pass, { source: order <= 0 ? source : undefined, target: order >= 0 ? target : undefined }, rules);
}

function orderOf(source: BlobEntry | undefined, target: BlobEntry | undefined): number {
  if (source === undefined) return 1;
  return target === undefined ? -1 : compareKeys(source.key, target.key);
}

interface Reader {
  /** Whether it has to be filled before it can say what comes next. */
  isEmpty(): boolean;
  /** Reads a page where it is empty. */
  fill(): Promise<void>;
  next(): BlobEntry | undefined;
  take(): void;
}

function createReader(read: ReadPage, from: string | undefined): Reader {
  let entries: readonly BlobEntry[] = [];
  let index = 0;
  let after = from;
  let isLast = false;
  const isEmpty = (): boolean => index >= entries.length && !isLast;
  return {
    isEmpty,
    fill: async () => {
      if (!isEmpty()) return;
      const page = await read(after);
      assertOrder(page.entries, after);
      after = page.entries.at(-1)?.key ?? after;
      ({ entries, isLast } = page);
      index = 0;
    },
    next: () => entries[index],
    take: () => {
      index += 1;
    },
  };
}

function assertOrder(entries: readonly BlobEntry[], after: string | undefined): void {
  let before = after;
  for (const { key } of entries) {
    if (before !== undefined && compareKeys(before, key) >= 0) {
      throw new SwitchyardError(
        `the listing is not in the order of its keys (found ${JSON.stringify(key)} after ${JSON.stringify(before)}); compare general purpose buckets`,
        { code: 'LISTING_UNORDERED', source: 'operator' },
      );
    }
    before = key;
  }
}
