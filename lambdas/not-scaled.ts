import type { ResolvedConfig } from '../core/config/types.ts';

/** Why nothing is scaled, for the log; with what the config wants at its size, which a person has to see to. */
export function notScaled({ scaling }: Pick<ResolvedConfig, 'scaling'>): {
  readonly reason: string;
  readonly detail?: Readonly<Record<string, unknown>>;
} {
  if (scaling === undefined) return { reason: 'no scaling adapter is configured' };
  return {
    reason: 'this version scales nothing itself; see to it that what is to be scaled has its size',
    detail: { toBeScaled: scaling.targets },
  };
}
