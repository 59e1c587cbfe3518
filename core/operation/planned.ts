import { parseEndpoint } from '../config/endpoint.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { LagReading } from '../ports.ts';
import type { ApplicationState } from './application-state.ts';
import { ageOf, LARGEST_LAG_AGE_SECONDS } from './lag-age.ts';

/** What records are brought down to before planned work, seconds: as long as an honest resolver may send clients to the source. */
export const PLANNED_TTL_SECONDS = 60;

/**
 * How long before any answer changes the TTL has been lowered, seconds. The former TTL has to pass, at most 120 s; the rest
 * is for resolvers that keep an answer longer than they were told (assumed).
 */
export const TTL_LEAD_SECONDS = 900;

/**
 * How long a changed TTL may take to be in force everywhere, seconds. Usually it does within 60:
 * https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
 */
export const TTL_IN_FORCE_SECONDS = 600;

/**
 * The lag that planned work begins at, seconds. It never measures 0 while the source writes; typically it is under a second:
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html. The switchover waits for the
 * rest before it moves the writer, so what is left here is time in which nobody may write, and never data:
 * https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SwitchoverGlobalCluster.html
 */
export const PLANNED_LAG_SECONDS = 1;

/**
 * What keeps planned work waiting for replication; undefined where nothing does. A global table of DynamoDB sends on what is
 * missing whoever writes next, so a lag within the loss budget does, and it measures nothing while nobody writes:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html (ReplicationLatency)
 */
export function plannedLagProblem(
  data: ResolvedConfig['data'],
  reading: LagReading | undefined,
  nowEpochMs: number,
): string | undefined {
  const isTable = data.adapter === 'dynamodb-global';
  if (reading === undefined) return isTable ? undefined : 'the replication lag is not measured';
  const ageSeconds = ageOf(reading, nowEpochMs);
  if (ageSeconds > LARGEST_LAG_AGE_SECONDS)
    return isTable ? undefined : `the replication lag was last measured ${ageSeconds} s ago`;
  const allowedSeconds = isTable ? data.lossBudgetSeconds : PLANNED_LAG_SECONDS;
  if (reading.seconds <= allowedSeconds) return undefined;
  return `the replication lag is ${reading.seconds.toFixed(1)} s, ${allowedSeconds} s is allowed`;
}

/**
 * Whether records that clients cache have a TTL to lower. That of an alias to a load balancer is 60 s and cannot be changed:
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
 */
export function needsLowerTtl({ ttlSeconds, regions }: Pick<ResolvedConfig, 'ttlSeconds' | 'regions'>): boolean {
  const withTtl = regions.filter(({ endpoint }) => parseEndpoint(endpoint).target.kind !== 'load-balancer');
  return withTtl.length > 0 && ttlSeconds > PLANNED_TTL_SECONDS;
}

/**
 * The TTL that the records are to be given now, seconds; undefined where they are left as the last deployment made them,
 * which may be of another version of the config than this one.
 */
export function recordTtlSeconds(
  { ttlSeconds }: Pick<ResolvedConfig, 'ttlSeconds'>,
  { loweredTtlSeconds, ttlPending }: Pick<ApplicationState, 'loweredTtlSeconds' | 'ttlPending'>,
): number | undefined {
  return loweredTtlSeconds ?? (ttlPending ? ttlSeconds : undefined);
}
