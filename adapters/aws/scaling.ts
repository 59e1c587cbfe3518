import type { ScaleTarget } from '../../core/config/scaling-section.ts';
import type { Scaling, Size } from '../../core/ports.ts';

type Kind = ScaleTarget['kind'];
export type TargetOf<K extends Kind> = Extract<ScaleTarget, { readonly kind: K }>;

/** One kind of thing that grows. */
export interface Scaler<K extends Kind> {
  sizeOf(target: TargetOf<K>): Promise<Size>;
  raise(target: TargetOf<K>, operationId: string): Promise<void>;
}

/** Every kind of thing that a config can name, each by its own adapter. */
export function createScaling(scalers: { readonly [K in Kind]: Scaler<K> }): Scaling {
  const scalerOf = <K extends Kind>({ kind }: TargetOf<K>): Scaler<K> => scalers[kind as K] as Scaler<K>;
  return {
    sizeOf: (target) => scalerOf(target).sizeOf(target),
    raise: (target, operationId) => scalerOf(target).raise(target, operationId),
  };
}
