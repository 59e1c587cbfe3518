import type { Problem } from '../../core/errors.ts';
import { parseLocation } from '../../core/routing/parse-location.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import { residencyGroup } from '../../core/routing/weights.ts';
import { isSameContent } from '../../core/same-content.ts';
import type { Guard, GuardSubject } from './guard.ts';

const SOURCE = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-geo.html';

/**
 * Answers for a place stay within the residency group of its Region, whatever fails: no other Region is among them, and
 * the branch never counts as unhealthy, since Route 53 would then answer from the continent's branch or the default one.
 * The config names the groups; this is the last look at the records that came of it.
 */
export const residency: Guard = ({ config, tree }) => {
  const { routing } = config;
  if (routing?.policy !== 'geolocation') return [];
  return routing.locations.flatMap(({ location, region }) => {
    const group = residencyGroup(config, region);
    if (group === undefined) return [];
    const place = parseLocation(location);
    return tree.records
      .filter(({ Name, GeoLocation }) => Name === config.record && isSameContent(GeoLocation, place))
      .flatMap((branch) => [...outside(branch, { tree, group, location }), ...mayWiden(branch, location)]);
  });
};

/** Records that the branch leads to and that are another group's Region. */
function outside(
  branch: ResourceRecordSet,
  { tree, group, location }: { tree: GuardSubject['tree']; group: readonly string[]; location: string },
): readonly Problem[] {
  return tree.records
    .filter(({ Name, SetIdentifier = '' }) => Name === branch.AliasTarget?.DNSName && !group.includes(SetIdentifier))
    .map(({ Name, SetIdentifier }) => ({
      path: `records/${Name}/${SetIdentifier}`,
      message: `answers ${location} from outside the residency group of its Region`,
      value: SetIdentifier,
      allowed: group.join(', '),
      remedy: 'keep the Region out of the group where records are compiled (core/routing/compile)',
      source: SOURCE,
    }));
}

function mayWiden(branch: ResourceRecordSet, location: string): readonly Problem[] {
  const { Name, SetIdentifier, AliasTarget, HealthCheckId } = branch;
  if (AliasTarget?.EvaluateTargetHealth === false && HealthCheckId === undefined) return [];
  return [
    {
      path: `records/${Name}/${SetIdentifier}`,
      message: `may become unhealthy, and ${location} be answered from beyond its residency group`,
      value: { EvaluateTargetHealth: AliasTarget?.EvaluateTargetHealth ?? null, HealthCheckId: HealthCheckId ?? null },
      allowed: 'an alias with EvaluateTargetHealth false and no health check',
      remedy: 'let the branch fail open inside its group (core/routing/compile)',
      source: SOURCE,
    },
  ];
}
