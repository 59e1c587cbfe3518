import type { Problem } from '../../core/errors.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';

/** Policies of Route 53 that the twin does not answer for; it refuses them by name instead of guessing. */
const UNMODELLED = [
  ['GeoProximityLocation', 'geoproximity'],
  ['CidrRoutingConfig', 'IP-based (CIDR)'],
] as const satisfies readonly (readonly [keyof ResourceRecordSet, string])[];

/** One problem per record set whose routing policy the twin does not model. */
export function findUnmodelled(recordSets: readonly ResourceRecordSet[]): readonly Problem[] {
  return recordSets.flatMap((recordSet, index) =>
    UNMODELLED.filter(([field]) => recordSet[field] !== undefined).map(([field, policy]) => ({
      path: `ResourceRecordSets[${index}].${field}`,
      message: `${policy} routing is not modelled by the twin`,
      allowed: 'simple, weighted, latency, failover, geolocation, multivalue',
      remedy: 'ask the zone itself, with dig or TestDNSAnswer',
    })),
  );
}
