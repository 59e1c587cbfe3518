import { names } from '../../config/names.ts';
import type { ResolvedConfig } from '../../config/types.ts';
import type { ResourceRecordSet } from '../record-set.ts';
import type { Weights } from '../weights.ts';
import { checkNames } from './health-checks.ts';
import { aliasTo, recordTypeOf, weightedGroup } from './weighted-group.ts';

/**
 * One primary: failover over weighted. The name itself is a PRIMARY even where there is no last resort yet, since
 * Route 53 cannot change a record's policy in place and adding one later must not interrupt the name.
 */
export function failoverRecords(config: ResolvedConfig, weights: Weights): readonly ResourceRecordSet[] {
  const live = names.liveRecord(config);
  const group = weightedGroup(
    config,
    live,
    config.regions.map((region) => ({ region, weight: weights[region.id] ?? 0 })),
  );
  return [...failoverTop(config, aliasTo(config, live, true)), ...group];
}

/**
 * The name itself: a PRIMARY alias, and behind it the site of last resort where there is one, kept away while any Region's
 * front door answers.
 */
export function failoverTop(
  config: ResolvedConfig,
  alias: Pick<ResourceRecordSet, 'AliasTarget'>,
): readonly ResourceRecordSet[] {
  const primary: ResourceRecordSet = {
    Name: config.record,
    Type: recordTypeOf(config),
    SetIdentifier: 'primary',
    Failover: 'PRIMARY',
    ...alias,
    ...(config.lastResort === undefined ? {} : { HealthCheckId: checkNames.anyEndpoint }),
  };
  return [primary, ...lastResortRecords(config)];
}

/** A SECONDARY of the primary's type; where that is CNAME, the addresses get a name of their own. */
function lastResortRecords(config: ResolvedConfig): readonly ResourceRecordSet[] {
  if (config.lastResort === undefined) return [];
  const addresses = config.lastResort.addresses.map((address) => ({ Value: address }));
  const site = names.lastResortRecord(config);
  const secondary = {
    Name: config.record,
    SetIdentifier: 'last-resort',
    Failover: 'SECONDARY',
    TTL: config.ttlSeconds,
  } as const;
  if (recordTypeOf(config) === 'A') return [{ ...secondary, Type: 'A', ResourceRecords: addresses }];
  return [
    { ...secondary, Type: 'CNAME', ResourceRecords: [{ Value: site }] },
    { Name: site, Type: 'A', TTL: config.ttlSeconds, ResourceRecords: addresses },
  ];
}
