/** Counts requests by destination in classes of time. */
export interface ShareMeter {
  count(destination: string, atMs: number): void;
  /** Share of requests in the whole classes of a span, 0 to 1; `null` where there were none. */
  share(destination: string, span: { readonly fromMs: number; readonly toMs: number }): number | null;
}

const CLASS_MS = 10_000;

/** A meter at nothing. @param classMs length of a class, ms; only whole classes of a span count */
export function createShareMeter(classMs: number = CLASS_MS): ShareMeter {
  const counts = new Map<string, Map<number, number>>();
  const sum = (perClass: ReadonlyMap<number, number>, { fromMs, toMs }: { fromMs: number; toMs: number }): number => {
    let total = 0;
    for (let index = Math.ceil(fromMs / classMs); (index + 1) * classMs <= toMs; index++)
      total += perClass.get(index) ?? 0;
    return total;
  };
  return {
    count: (destination, atMs) => {
      const perClass = counts.get(destination) ?? new Map<number, number>();
      if (perClass.size === 0) counts.set(destination, perClass);
      const index = Math.floor(atMs / classMs);
      perClass.set(index, (perClass.get(index) ?? 0) + 1);
    },
    share: (destination, span) => {
      const all = [...counts.values()].reduce((total, perClass) => total + sum(perClass, span), 0);
      return all === 0 ? null : sum(counts.get(destination) ?? new Map(), span) / all;
    },
  };
}
