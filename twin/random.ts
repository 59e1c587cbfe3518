/** Draws from [0, 1). */
export type Random = () => number;

/** Seeded randomness with a stream per part, so that one part's draws do not move another's. */
export interface RandomStreams {
  /** The stream of a part; the same part always gets the same stream. */
  stream(part: string): Random;
}

/** The streams of a seed. */
export function createRandomStreams(seed: number): RandomStreams {
  const streams = new Map<string, Random>();
  return {
    stream: (part) => {
      const known = streams.get(part) ?? createRandom(hash(`${seed}/${part}`));
      streams.set(part, known);
      return known;
    },
  };
}

/** Mulberry32: 32 bits of state, which is plenty for a rehearsal, and fast. */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a over the text, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** Where a duration comes from: drawn evenly from a range, or log-normally with a median and a spread. */
export type Distribution =
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number };

/** Draws a duration; never zero. */
export function draw(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case 'uniform':
      return distribution.from + (distribution.to - distribution.from) * random();
    case 'lognormal':
      return distribution.median * Math.exp(distribution.sigma * standardNormal(random));
  }
}

/** Box and Muller's method; 1 − u keeps the logarithm's argument above 0. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
