import { applicationRegions, coordinationMembers, guardiansOf } from '../../core/config/accessors.ts';
import { DATABASE_WRITER_CHECK } from '../../core/config/checks.ts';
import { names } from '../../core/config/names.ts';
import { ownSwitches } from '../../core/routing/compile/health-checks.ts';
import { DNS_LOCATIONS } from '../world/dns.ts';
import { TWIN_DEPLOYMENT, type World } from '../world/world.ts';

/** Regions that a switch keeps out, by what lies in the buckets; of other kinds by what Route 53 makes of the switch. */
export function evacuatedRegions({ config, objects, network, route53 }: World): readonly string[] {
  if (config.evacuation.kind !== 's3') {
    return applicationRegions(config).filter((region) =>
      ownSwitches(config, region).some((check) => !route53.isHealthy(DNS_LOCATIONS[0] ?? '', check)),
    );
  }
  return applicationRegions(config).filter((region) =>
    guardiansOf(config, region).some((guardian) => {
      // A switch that cannot be read keeps nobody out: the inverted check of it is healthy then.
      if (network.isDark(guardian) || network.losesBuckets(guardian)) return false;
      const bucket = names.guardianBucket(config, TWIN_DEPLOYMENT, guardian);
      return objects.read(bucket, names.evacuationKey(config, region)) !== undefined;
    }),
  );
}

/** Regions that could serve everything now, by the world itself and not by anybody's opinion. */
export function healthyRegions({ config, network, applications }: World): readonly string[] {
  return applicationRegions(config).filter((region) => {
    const application = applications.get(region);
    return (
      network.isolatedSince(region) === undefined &&
      application?.frontDoorUp() === true &&
      application.isUp(DATABASE_WRITER_CHECK)
    );
  });
}

/** Members of the coordination table that reach one another: of several such groups the largest. */
export function membersTogether({ config, network }: World): readonly string[] {
  const members = coordinationMembers(config);
  const groups = members.map((member) => members.filter((other) => network.connects(member, other)));
  return groups.toSorted((one, other) => other.length - one.length)[0] ?? [];
}
