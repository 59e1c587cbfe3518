import type { HealthCheckConfig } from '../../core/routing/health-check.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import type { Distribution, Question } from '../../twin/route53/answering/distribution.ts';
import type { DnsClient } from '../../twin/route53/answering/dns-client.ts';
import { resolve } from '../../twin/route53/answering/resolve.ts';
import { createZoneIndex } from '../../twin/route53/answering/zone-index.ts';

/** The hosted zone of the examples. */
export const ZONE = { Id: 'Z1EXAMPLE', Name: 'example.com' };
export const ELB_ZONE_ID = 'Z1LMS91P8CMLE5';

type Extra = Partial<ResourceRecordSet>;

/** An A record set with one value; unnamed ones stand at `api.example.com`. */
export function a(value: string, extra: Extra = {}): ResourceRecordSet {
  return { Name: 'api.example.com', Type: 'A', TTL: 60, ResourceRecords: [{ Value: value }], ...extra };
}

/** An alias of type A to a record set of the example zone. */
export function alias(target: string, extra: Extra = {}, evaluate = true): ResourceRecordSet {
  const AliasTarget = { HostedZoneId: ZONE.Id, DNSName: target, EvaluateTargetHealth: evaluate };
  return { Name: 'api.example.com', Type: 'A', AliasTarget, ...extra };
}

/** An alias of type A to a load balancer. */
export function elbAlias(target: string, extra: Extra = {}, evaluate = true): ResourceRecordSet {
  const AliasTarget = { HostedZoneId: ELB_ZONE_ID, DNSName: target, EvaluateTargetHealth: evaluate };
  return { Name: 'api.example.com', Type: 'A', AliasTarget, ...extra };
}

export interface Setting {
  readonly client?: DnsClient;
  /** Ids of health checks that are unhealthy, and names of outside alias targets that are. */
  readonly unhealthy?: readonly string[];
  readonly question?: Partial<Question>;
  readonly apex?: string;
}

/** The distribution of answers for `api.example.com A` unless the setting asks for something else. */
export function distributionOf(recordSets: readonly ResourceRecordSet[], setting: Setting = {}): Distribution {
  const { client = {}, unhealthy = [], question = {}, apex = ZONE.Name } = setting;
  const health = {
    isHealthy: (id: string) => !unhealthy.includes(id),
    isTargetHealthy: (name: string) => !unhealthy.includes(name),
  };
  return resolve(
    { zone: createZoneIndex(recordSets, apex), health, client },
    { name: 'api.example.com', type: 'A', ...question },
  );
}

/** The share of every value, exactly. */
export function sharesOf(
  recordSets: readonly ResourceRecordSet[],
  setting: Setting = {},
): Readonly<Record<string, number>> {
  const shares: Record<string, number> = {};
  for (const { probability, from, take } of distributionOf(recordSets, setting).outcomes) {
    for (const { values } of from) {
      for (const value of values) shares[value] = (shares[value] ?? 0) + (probability * take) / from.length;
    }
  }
  return shares;
}

/** Response codes by probability. */
export function rcodesOf(recordSets: readonly ResourceRecordSet[], setting: Setting = {}): readonly string[] {
  return distributionOf(recordSets, setting).outcomes.map(({ rcode, from }) =>
    rcode === 'NOERROR' && from.length === 0 ? 'NODATA' : rcode,
  );
}

/** A health check of a web server that is as plain as can be. */
export function httpsCheck(extra: Partial<HealthCheckConfig> = {}): HealthCheckConfig {
  return { Type: 'HTTPS', FullyQualifiedDomainName: 'www.example.com', RequestInterval: 10, ...extra };
}
