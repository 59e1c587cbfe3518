import { isLagCheck, READY_MADE_METRICS } from '../health/ready-made-metrics.ts';
import type { Policy } from '../reconcile/entity.ts';
import { checksOf, observersOf, traitsOf } from './accessors.ts';
import { reconciledEntities } from './reconcile-entities.ts';
import type { ResolvedConfig } from './types.ts';

/**
 * Endpoint groups that an accelerator looks at for a healthy endpoint before it fails open.
 *
 * Source: https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html
 */
const GROUPS_LOOKED_AT = 3;

/** Things that are allowed and that the person who deploys should know. */
export function advisoriesOf(config: ResolvedConfig): readonly string[] {
  return [
    ...aboutObservers(config),
    ...aboutChecks(config),
    ...aboutErrors(config),
    ...aboutPreset(config),
    ...aboutMissingRows(config),
  ];
}

function aboutObservers(config: ResolvedConfig): readonly string[] {
  const observers = observersOf(config).length;
  if (!traitsOf(config).orchestrated) return [];
  if (observers < 3) {
    return [
      'two observers survive none: with one Region dead no quorum is left, so nothing starts by itself; add a vantage',
    ];
  }
  return observers > 3
    ? []
    : ["a dead Region's own observer is silent: a second silent one leaves no quorum; another vantage survives that"];
}

/** A critical check that is unknown holds back every automatic failover but those that need no other check. */
function aboutChecks(config: ResolvedConfig): readonly string[] {
  if (!traitsOf(config).orchestrated) return [];
  return checksOf(config).flatMap(({ name, check }) => {
    if (check.class !== 'critical' || !isLagCheck(check)) return [];
    const { metric, withoutData } = READY_MADE_METRICS[check.kind];
    return [
      `${name} is critical, and unknown wherever ${metric} has no data (${withoutData}): that alone can keep a failover from starting by itself`,
    ];
  });
}

/** Two limits on errors, one that moves traffic and one that tells people: they may differ, knowingly. */
function aboutErrors({ checks, policy }: ResolvedConfig): readonly string[] {
  const check = checks['error-rate'];
  if (check === undefined || check === false || check.kind !== 'metric' || check.above === policy.errorPercent / 100)
    return [];
  return [
    `traffic leaves at more than ${policy.errorPercent} % errors (policy.errorPercent), people are told above ${check.above} (checks.error-rate.above, a fraction)`,
  ];
}

/** What Tier 1 cannot tell from a deletion is left to a person: with neither column nor table, every new row may be. */
function aboutMissingRows(config: ResolvedConfig): readonly string[] {
  const silent = reconciledEntities(config)
    .filter((entity) => entity.tier === 'critical' && CARRIES_MISSING.has(entity.policy))
    .filter(({ createdColumn, tombstones }) => createdColumn === undefined && tombstones === undefined)
    .map(({ name }) => name);
  if (silent.length === 0) return [];
  const which = config.reconcile?.repair === 'source-only' ? 'the Region that was left' : 'one Region';
  return [
    `${silent.join(', ')}: a row that only ${which} has is left to a person, as it may be one that the other deleted; name createdColumn or tombstones under reconcile.entities`,
  ];
}

/** Policies that copy a row that one side only has. */
const CARRIES_MISSING: ReadonlySet<Policy> = new Set(['manual', 'last-writer-wins', 'merge']);

/** What the preset leaves to people and to the application, so that no field of it is taken for done. */
function aboutPreset(config: ResolvedConfig): readonly string[] {
  const { preset, scaling, conflicts, writeBuffer, accelerator, automation, regions } = config;
  return [
    ...(scaling === undefined
      ? []
      : [
          'nothing is scaled yet: bring what scaling.targets names to its size by hand before a standby is to take over',
        ]),
    ...(preset === 'cold-standby' && automation.enabled
      ? ['a cold standby fails the gate target-healthy until somebody has scaled it, so automation only asks a person']
      : []),
    ...(conflicts === undefined
      ? []
      : ['conflicts are settled by your data store: their policies are kept in the record of a failback, not applied']),
    ...(writeBuffer === undefined
      ? []
      : ['your application fills and replays the queue of writes; no operation waits until it is empty']),
    ...(accelerator !== undefined && regions.length > GROUPS_LOOKED_AT
      ? [
          `an accelerator looks at the ${GROUPS_LOOKED_AT} closest endpoint groups before it fails open, not at all ${regions.length}`,
        ]
      : []),
  ];
}
