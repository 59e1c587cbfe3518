import { applicationRegions, coordinationMembers, guardiansOf } from '../../core/config/accessors.ts';
import { DATABASE_WRITER_CHECK } from '../../core/config/checks.ts';
import { names } from '../../core/config/names.ts';
import { TWIN_DEPLOYMENT, type World } from '../world/world.ts';

/** Regions that some guardian's object keeps out, by what lies in the buckets. */
export function evacuatedRegions({ config, objects, network }: World): readonly string[] {
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
