import { nameOfTarget } from '../../../core/config/scale-target.ts';
import type { ScaleTarget } from '../../../core/config/scaling-section.ts';
import type { Scaling, Size } from '../../../core/ports.ts';

/** What grows, by name; what is not given cannot be seen. */
export interface FakeScaling extends Scaling {
  readonly sizes: Map<string, Size>;
  readonly raised: { readonly name: string; readonly desired: number; readonly operationId: string }[];
  /** Thrown by every request to grow. */
  failure: Error | undefined;
}

export function fakeScaling(): FakeScaling {
  const fake: FakeScaling = {
    sizes: new Map(),
    raised: [],
    failure: undefined,
    sizeOf: async (target: ScaleTarget) => {
      const size = fake.sizes.get(nameOfTarget(target));
      if (size === undefined) throw new Error(`${nameOfTarget(target)} does not answer`);
      return size;
    },
    raise: async (target, operationId) => {
      if (fake.failure !== undefined) throw fake.failure;
      const name = nameOfTarget(target);
      fake.raised.push({ name, desired: target.desired, operationId });
      fake.sizes.set(name, { desired: target.desired, running: fake.sizes.get(name)?.running ?? 0 });
    },
  };
  return fake;
}
