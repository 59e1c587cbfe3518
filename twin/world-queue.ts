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
  const heap: Entry[] = [];
  let announced = 0;
  let happening: number | undefined;
  return {
    happeningAt: () => happening,
    at: (timeMs, run) => push(heap, { atMs: timeMs, order: announced++, run }),
    advanceTo: (timeMs) => {
      for (let first = heap[0]; first !== undefined && first.atMs <= timeMs; first = heap[0]) {
        removeFirst(heap);
        happening = first.atMs;
        first.run(first.atMs);
      }
      happening = undefined;
    },
  };
}

function before(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex] as Entry;
    if (!before(entry, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
}

function removeFirst(heap: Entry[]): void {
  const last = heap.pop() as Entry;
  if (heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++;
    if (!before(heap[child] as Entry, last)) break;
    heap[index] = heap[child] as Entry;
    index = child;
  }
  heap[index] = last;
}
