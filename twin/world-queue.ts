/** Something that happens in the world at a moment. */
export type WorldEvent = (atMs: number) => void;

/** What happens in the world by itself, in order of time; events of one moment in the order they were announced. */
export interface WorldQueue {
  at(timeMs: number, run: WorldEvent): void;
  /** Lets everything happen that is due before or at a moment. */
  advanceTo(timeMs: number): void;
  /** The moment of the event that happens right now; undefined between events. */
  happeningAt(): number | undefined;
}

/** A binary heap in three lists side by side: comparing two events looks at numbers only. */
interface Heap {
  readonly times: number[];
  readonly orders: number[];
  readonly runs: WorldEvent[];
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: WorldEvent;
}

/**
 * A binary heap of events. The load of a thousand clients lives here rather than in timers: an event costs a fraction of
 * a microsecond, and the queue is advanced only when something looks at the world.
 */
export function createWorldQueue(): WorldQueue {
  const heap: Heap = { times: [], orders: [], runs: [] };
  let announced = 0;
  let happening: number | undefined;
  // The first place is free while its event happens: nearly every event announces the next of its kind, which takes it.
  let firstIsFree = false;
  const freeFirst = (): void => {
    if (firstIsFree) removeFirst(heap);
    firstIsFree = false;
  };
  return {
    happeningAt: () => happening,
    at: (atMs, run) => {
      const entry = { atMs, order: announced++, run };
      if (firstIsFree) sink(heap, entry);
      else rise(heap, entry);
      firstIsFree = false;
    },
    advanceTo: (timeMs) => {
      freeFirst();
      while ((heap.times[0] ?? Number.POSITIVE_INFINITY) <= timeMs) {
        const atMs = heap.times[0] as number;
        happening = atMs;
        firstIsFree = true;
        heap.runs[0]?.(atMs);
        freeFirst();
      }
      happening = undefined;
    },
  };
}

/** Adds an event at the end and lets it rise to its place. */
function rise(heap: Heap, entry: Entry): void {
  const { times, orders } = heap;
  let index = times.length;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const time = times[parent] as number;
    if (time < entry.atMs || (time === entry.atMs && (orders[parent] as number) < entry.order)) break;
    move(heap, parent, index);
    index = parent;
  }
  put(heap, index, entry);
}

/** Puts an event in the first place and lets it sink to its own. */
function sink(heap: Heap, entry: Entry): void {
  const { times, orders } = heap;
  const { length } = times;
  let index = 0;
  for (let child = 1; child < length; child = 2 * index + 1) {
    const other = child + 1;
    if (other < length) {
      const difference = (times[other] as number) - (times[child] as number);
      if (difference < 0 || (difference === 0 && (orders[other] as number) < (orders[child] as number))) child = other;
    }
    const time = times[child] as number;
    if (entry.atMs < time || (entry.atMs === time && entry.order < (orders[child] as number))) break;
    move(heap, child, index);
    index = child;
  }
  put(heap, index, entry);
}

function removeFirst(heap: Heap): void {
  const entry = { atMs: heap.times.pop(), order: heap.orders.pop(), run: heap.runs.pop() } as Entry;
  if (heap.times.length > 0) sink(heap, entry);
}

function move({ times, orders, runs }: Heap, from: number, to: number): void {
  times[to] = times[from] as number;
  orders[to] = orders[from] as number;
  runs[to] = runs[from] as WorldEvent;
}

function put({ times, orders, runs }: Heap, index: number, { atMs, order, run }: Entry): void {
  times[index] = atMs;
  orders[index] = order;
  runs[index] = run;
}
