import { parseEndpoint } from '../../config/endpoint.ts';
import type { RegionConfig, ResolvedConfig } from '../../config/types.ts';
import type { ResourceRecordSet } from '../record-set.ts';
import { servingCheckName } from './health-checks.ts';

/** The type of every record that leads to a Region: CNAME for host names, A for addresses, load balancers, an accelerator. */
export function recordTypeOf({ regions, accelerator }: Pick<ResolvedConfig, 'regions' | 'accelerator'>): 'A' | 'CNAME' {
  if (accelerator !== undefined) return 'A';
  return regions.some(({ endpoint }) => parseEndpoint(endpoint).target.kind === 'hostname') ? 'CNAME' : 'A';
}

/** One weighted record per Region, gated by what may take that Region out. */
export function weightedGroup(
  config: ResolvedConfig,
  name: string,
  members: readonly { readonly region: RegionConfig; readonly weight: number }[],
): readonly ResourceRecordSet[] {
  return members.map(({ region, weight }) => ({
    Name: name,
    Type: recordTypeOf(config),
    SetIdentifier: region.id,
    Weight: weight,
    HealthCheckId: servingCheckName(config, region.id),
    ...targetFields(config, region),
  }));
}

/** An alias to a record of the same zone, left when none of that record's group is healthy. */
export function aliasTo(
  config: ResolvedConfig,
  name: string,
  evaluateTargetHealth: boolean,
): Pick<ResourceRecordSet, 'AliasTarget'> {
  return {
    AliasTarget: { HostedZoneId: config.hostedZoneId, DNSName: name, EvaluateTargetHealth: evaluateTargetHealth },
  };
}

/** A load balancer's own health is not asked: what takes a Region out is its serving check alone. */
function targetFields(
  { ttlSeconds }: ResolvedConfig,
  { endpoint }: RegionConfig,
): Pick<ResourceRecordSet, 'TTL' | 'ResourceRecords' | 'AliasTarget'> {
  const { target } = parseEndpoint(endpoint);
  switch (target.kind) {
    case 'hostname':
      return { TTL: ttlSeconds, ResourceRecords: [{ Value: target.hostname }] };
    case 'address':
      return { TTL: ttlSeconds, ResourceRecords: [{ Value: target.address }] };
    case 'load-balancer':
      return {
        AliasTarget: { HostedZoneId: target.hostedZoneId, DNSName: target.dnsName, EvaluateTargetHealth: false },
      };
  }
}
