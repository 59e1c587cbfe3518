/** A recovery time that somebody published. */
export interface PublishedTime {
  readonly system: string;
  readonly seconds: number;
  readonly source: string;
}

const ARC_RUN =
  'https://github.com/bhattchaitanya/aws-arc-eks-observed-capacity-failover/blob/49cae3f9dd0c0c26b39f1a4502ef21a67464c4c8/evidence/experiment-result.json';

/**
 * Measured by others in AWS, in one run on 2026-07-24: no percentiles, no promotion of data, and no clients. They are times
 * of a plan's execution, so detection comes before them and the TTL after.
 */
export const PUBLISHED: readonly PublishedTime[] = [
  { system: 'ARC Region switch, its Route 53 health check block alone', seconds: 120.88, source: ARC_RUN },
  { system: 'ARC Region switch, the whole plan of three blocks (2.76 min)', seconds: 165.6, source: ARC_RUN },
];
