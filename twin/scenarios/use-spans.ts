/** Longer than any pause between two requests that go to a Region with a weight, ms (assumed). */
const GAP_MS = 60_000;

/** Keeps for each destination from when to when it was used. */
export interface UseSpans {
  add(destination: string, atMs: number): void;
  /** The last use in the span that holds a moment, or begins within a gap after it; `null` where nobody used it then. */
  lastUse(destination: string, sinceMs: number): number | null;
}

/** No use yet. Pauses of up to a minute do not end a span. */
export function createUseSpans(): UseSpans {
  const spans = new Map<string, { readonly fromMs: number; toMs: number }[]>();
  return {
    add: (destination, atMs) => {
      const known = spans.get(destination) ?? [];
      const last = known.at(-1);
      if (last !== undefined && atMs - last.toMs <= GAP_MS) last.toMs = Math.max(last.toMs, atMs);
      else known.push({ fromMs: atMs, toMs: atMs });
      spans.set(destination, known);
    },
    lastUse: (destination, sinceMs) =>
      spans.get(destination)?.find(({ fromMs, toMs }) => toMs >= sinceMs && fromMs <= sinceMs + GAP_MS)?.toMs ?? null,
  };
}
