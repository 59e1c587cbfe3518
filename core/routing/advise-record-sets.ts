import type { Problem } from '../errors.ts';
import type { ResourceRecordSet } from './record-set.ts';
import { bareZoneId } from './validate-record-sets.ts';

/** The hosted zone id of every CloudFront distribution (API_AliasTarget, `HostedZoneId`). */
export const CLOUDFRONT_ZONE_ID = 'Z2FDTNDATAQYW2';

/**
 * What AWS asks for in its reference without documenting that the API refuses the contrary: a failover alias without
 * `EvaluateTargetHealth`, a CloudFront target with it, a non-alias primary without a health check. Worth a warning,
 * no ground for a refusal. Paths as in `validateRecordSets`.
 */
export function adviseRecordSets(recordSets: readonly ResourceRecordSet[]): readonly Problem[] {
  return [...recordSets.flatMap(adviseAlias), ...findUncheckedPrimaries(recordSets)];
}

/**
 * Primaries that have values but no health check. The API has been seen to refuse them ("A non-alias primary
 * ResourceRecordSet must have an associated health check", github.com/kubernetes-sigs/external-dns/issues/2362).
 */
export function findUncheckedPrimaries(recordSets: readonly ResourceRecordSet[]): readonly Problem[] {
  return recordSets.flatMap(({ Failover, AliasTarget, HealthCheckId }, index) => {
    if (Failover !== 'PRIMARY' || AliasTarget !== undefined || HealthCheckId !== undefined) return [];
    const path = `ResourceRecordSets[${index}].HealthCheckId`;
    const message = 'a non-alias primary has no health check, so it never fails over';
    return [{ path, message, remedy: 'associate a health check', source: 'API_ResourceRecordSet, Failover' }];
  });
}

function adviseAlias({ Failover, AliasTarget }: ResourceRecordSet, index: number): readonly Problem[] {
  if (AliasTarget === undefined) return [];
  const path = `ResourceRecordSets[${index}].AliasTarget.EvaluateTargetHealth`;
  const evaluates = AliasTarget.EvaluateTargetHealth;
  const toCloudFront = bareZoneId(AliasTarget.HostedZoneId) === CLOUDFRONT_ZONE_ID;
  if (toCloudFront && evaluates) {
    const message = "a CloudFront distribution's health cannot be evaluated";
    return [{ path, message, value: evaluates, allowed: 'false', source: 'API_AliasTarget, EvaluateTargetHealth' }];
  }
  if (Failover === undefined || evaluates || toCloudFront) return [];
  const message = 'a failover alias does not evaluate the health of its target';
  return [{ path, message, value: evaluates, allowed: 'true', source: 'API_ResourceRecordSet, Failover' }];
}
