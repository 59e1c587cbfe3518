import { ageOf, LARGEST_LAG_AGE_SECONDS } from '../operation/lag-age.ts';
import type { LagReading } from '../ports.ts';

/** Which lag is judged, and against what. */
export interface CopyLagSight {
  readonly lag: LagReading | undefined;
  /** The Region that the copy is in, and that is to have the writer. */
  readonly into: string;
  /** `failback.maximumLagSeconds` of the config, or `reconcile.maximumLagSeconds` for its changes. */
  readonly allowedSeconds: number;
  readonly nowEpochMs: number;
}

/**
 * Why a copy does not keep up well enough to be made the writer, or to be sent more changes; undefined where it does. A
 * lag that is not measured, or was not lately, is a reason too: a switchover waits for what is missing, and nobody may write while it does
 * (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SwitchoverGlobalCluster.html).
 */
export function copyLagProblem({ lag, into, allowedSeconds, nowEpochMs }: CopyLagSight): string | undefined {
  if (lag === undefined) return `replication lag into ${into} is not measured; replication may not be running`;
  const ageSeconds = ageOf(lag, nowEpochMs);
  if (ageSeconds > LARGEST_LAG_AGE_SECONDS) return `replication lag into ${into} was last measured ${ageSeconds} s ago`;
  if (lag.seconds <= allowedSeconds) return undefined;
  return `replication lag into ${into} is ${lag.seconds.toFixed(1)} s, ${allowedSeconds} s are allowed`;
}
