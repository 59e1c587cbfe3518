import type { CommittedWrite } from '../world/load/service.ts';

/** When writes were committed in a Region under an epoch. */
export interface CommitSpan {
  readonly region: string;
  readonly epoch: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** Keeps of all commits when they began and ended, by Region and epoch. */
export interface CommitSpans {
  add(write: CommittedWrite): void;
  /** In order of their first commit. */
  all(): readonly CommitSpan[];
}

/** Spans of no commit yet. A Region that commits again under an epoch makes its span longer. */
export function createCommitSpans(): CommitSpans {
  const spans = new Map<string, { region: string; epoch: number; firstAtMs: number; lastAtMs: number }>();
  return {
    add: ({ region, epoch, atMs }) => {
      const key = `${region}/${epoch}`;
      const known = spans.get(key);
      if (known === undefined) spans.set(key, { region, epoch, firstAtMs: atMs, lastAtMs: atMs });
      else known.lastAtMs = atMs;
    },
    all: () => [...spans.values()].toSorted((a, b) => a.firstAtMs - b.firstAtMs),
  };
}

/** The epoch of the newest commit; null where there is none. */
export function lastCommitEpoch(spans: readonly CommitSpan[]): number | null {
  return spans.toSorted((a, b) => b.lastAtMs - a.lastAtMs)[0]?.epoch ?? null;
}
