import { applicationRegions } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { Problem } from '../errors.ts';
import type { ApplicationState } from '../operation/application-state.ts';
import { canonicalName } from '../routing/dns-name.ts';
import type { ResourceRecordSet } from '../routing/record-set.ts';
import { desiredWeights } from '../routing/weights.ts';

/**
 * Why Regions that the config no longer names must stay for now: one that is active, may commit writes, has a weight, or
 * has been left and may be returned to. Its record would go while clients are sent to it, or while an operation counts on
 * it.
 */
export function removalProblems(
  config: ResolvedConfig,
  state: ApplicationState,
  live: readonly ResourceRecordSet[],
): readonly Problem[] {
  const known = [
    state.activeRegion,
    state.writerRegion,
    ...Object.keys(state.weights),
    ...state.evacuated,
    ...state.heldOut,
  ];
  const identifiers = weightedRecords(config, live).map(({ SetIdentifier }) => SetIdentifier);
  const current = applicationRegions(config);
  const removed = new Set(
    [...known, ...identifiers].filter((id) => typeof id === 'string').filter((id) => !current.includes(id)),
  );
  return [...removed].toSorted().flatMap((region) => {
    const uses = usesOf(config, region, { state, live });
    if (uses.length === 0) return [];
    return [
      {
        path: 'regions',
        message: `${region} is to be removed and is in use`,
        value: uses,
        remedy: 'take it out of service first: docs/day-2.md#remove-a-region',
      },
    ];
  });
}

function usesOf(
  config: ResolvedConfig,
  region: string,
  { state, live }: { readonly state: ApplicationState; readonly live: readonly ResourceRecordSet[] },
): readonly string[] {
  const carries = weightedRecords(config, live).some(
    ({ SetIdentifier, Weight = 0 }) => SetIdentifier === region && Weight > 0,
  );
  const uses: readonly (readonly [use: string, isSo: boolean])[] = [
    ['active', state.activeRegion === region],
    ['writer', state.writerRegion === region],
    ['weight in the state', (state.weights[region] ?? 0) > 0],
    ['weight of its record', carries],
    ['evacuated', state.evacuated.includes(region)],
    ['held out', state.heldOut.includes(region)],
  ];
  return uses.filter(([, isSo]) => isSo).map(([use]) => use);
}

function weightedRecords(config: ResolvedConfig, live: readonly ResourceRecordSet[]): readonly ResourceRecordSet[] {
  const groups = new Set(desiredWeights(config, {}).map(({ name }) => canonicalName(name)));
  return live.filter(({ Name, Weight }) => Weight !== undefined && groups.has(canonicalName(Name)));
}
