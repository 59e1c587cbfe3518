import type { ReconcileStore } from '../../core/reconcile/store.ts';

/** A store whose objects can be looked at without a call. */
export interface MemoryStore extends ReconcileStore {
  readonly objects: ReadonlyMap<string, string>;
}

/** Plans in the memory of one process, for tests and for the twin. */
export function createMemoryStore(): MemoryStore {
  const objects = new Map<string, string>();
  return {
    objects,
    put: async (name, text) => void objects.set(name, text),
    create: async (name, text) => {
      if (objects.has(name)) return false;
      objects.set(name, text);
      return true;
    },
    get: async (name) => objects.get(name),
    names: async function* (prefix) {
      const found = [...objects.keys()].filter((name) => name.startsWith(prefix));
      yield* found.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    },
  };
}
