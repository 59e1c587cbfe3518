import { isReplicated } from '../core/config/data-tier.ts';
import { copyLagProblem } from '../core/failback/copy-lag.ts';
import type { LookingContext } from '../core/ports.ts';

/** What was found of a copy that is to become the writer, for the record. */
export interface CopySight {
  /** Why it may not yet; undefined where it may. */
  readonly problem?: string;
  readonly lagSeconds?: number;
}

/** Looks how far a copy is behind the Region that writes. Where nothing replicates, nothing is in the way. */
export async function lookAtCopy(
  { config, ports }: LookingContext<'clock'>,
  { into, from }: { readonly into: string; readonly from: string },
): Promise<CopySight> {
  if (!isReplicated(config.data)) return {};
  const lag = await ports.dataTier.replicationLag(into, from);
  const problem = copyLagProblem({
    ...{ lag, into, allowedSeconds: config.failback.maximumLagSeconds },
    nowEpochMs: ports.clock.nowEpochMs(),
  });
  return {
    ...(problem === undefined ? {} : { problem }),
    ...(lag === undefined ? {} : { lagSeconds: lag.seconds }),
  };
}
