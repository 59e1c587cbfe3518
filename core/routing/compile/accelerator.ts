import type { ResolvedConfig } from '../../config/types.ts';
import type { ResourceRecordSet } from '../record-set.ts';
import { failoverTop } from './failover.ts';

/**
 * The hosted zone of every accelerator.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html (HostedZoneId)
 */
export const ACCELERATOR_ZONE_ID = 'Z2BJ6XQ5FK7U4H';

/**
 * The name leads to the accelerator, which chooses among the Regions: a Region is left when its endpoints fail their
 * health checks, in the accelerator's own data plane. Its dials are no way out: a control plane in us-west-2 sets them,
 * and a failover ignores them.
 *
 * Source: https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html
 */
export function acceleratorRecords(
  config: ResolvedConfig,
  { dnsName }: NonNullable<ResolvedConfig['accelerator']>,
): readonly ResourceRecordSet[] {
  return failoverTop(config, {
    AliasTarget: { HostedZoneId: ACCELERATOR_ZONE_ID, DNSName: dnsName, EvaluateTargetHealth: true },
  });
}
