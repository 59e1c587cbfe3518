import { names } from '../../config/names.ts';
import type { RegionConfig, ResolvedConfig } from '../../config/types.ts';
import { parseLocation } from '../parse-location.ts';
import type { ResourceRecordSet } from '../record-set.ts';
import { groupWeight, mayStandInFor, residencyGroup, type Weights } from '../weights.ts';
import { aliasTo, recordTypeOf, weightedGroup } from './weighted-group.ts';

/**
 * Every Region serves: latency or geolocation chooses a Region's group, and the group holds that Region with the
 * others behind it at weight 0, which Route 53 considers once the Region itself is out.
 */
export function activeActiveRecords(config: ResolvedConfig, weights: Weights): readonly ResourceRecordSet[] {
  const groups = config.regions.flatMap((region) => regionalGroup(config, region, weights));
  return [...topRecords(config), ...groups];
}

function regionalGroup(config: ResolvedConfig, own: RegionConfig, weights: Weights): readonly ResourceRecordSet[] {
  const members = mayStandInFor(config, own.id);
  const regions = config.regions.filter(({ id }) => id === own.id || members.includes(id));
  return weightedGroup(
    config,
    names.regionalRecord(config, own.id),
    regions.map((region) => ({
      region,
      weight: groupWeight({ group: own.id, members, member: region.id, weights }),
    })),
  );
}

function topRecords(config: ResolvedConfig): readonly ResourceRecordSet[] {
  const common = { Name: config.record, Type: recordTypeOf(config) } as const;
  const { routing } = config;
  if (routing?.policy === 'geolocation') {
    return routing.locations.map(({ location, region }) => ({
      ...common,
      SetIdentifier: location === '*' ? 'default' : location,
      GeoLocation: parseLocation(location),
      // An unhealthy geolocation record widens to the continent and to everybody else. Where data may not leave its
      // group, the branch therefore never counts as unhealthy: it fails open inside the group.
      ...aliasTo(config, names.regionalRecord(config, region), residencyGroup(config, region) === undefined),
    }));
  }
  return config.regions.map(({ id }) => ({
    ...common,
    SetIdentifier: id,
    Region: id,
    ...aliasTo(config, names.regionalRecord(config, id), true),
  }));
}
