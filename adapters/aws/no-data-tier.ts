import { OperationError } from '../../core/operation/errors.ts';
import type { DataTier } from '../../core/ports.ts';

/** The data tier of an application that has nothing to promote; steps ask the config first and do not get here. */
export function createNoDataTier(): DataTier {
  return {
    status: async () => ({ writerRegion: null, movingTo: null }),
    replicationLag: async () => undefined,
    obstacles: async () => [],
    promote: async ({ target }) => {
      throw new OperationError('PromotionRefusedError', `the config names no data to promote in ${target}`);
    },
  };
}
