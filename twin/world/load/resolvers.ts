import type { Destination } from './population.ts';

/** An answer as a resolver takes it. */
export interface ResolvedAnswer {
  readonly destination: Destination;
  readonly ttlSeconds: number;
}

/** Caching resolvers. Each keeps an answer for exactly its TTL and then asks again, at the next question. */
export function createResolvers(
  count: number,
  ask: (resolver: number, atMs: number) => ResolvedAnswer,
): (resolver: number, atMs: number) => Destination {
  const kept: (Destination | undefined)[] = new Array(count).fill(undefined);
  const untilMs = new Float64Array(count);
  return (resolver, atMs) => {
    const known = kept[resolver];
    if (known !== undefined && atMs < (untilMs[resolver] ?? 0)) return known;
    const { destination, ttlSeconds } = ask(resolver, atMs);
    kept[resolver] = destination;
    untilMs[resolver] = atMs + ttlSeconds * 1000;
    return destination;
  };
}
