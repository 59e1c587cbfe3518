import type { Problem } from '../../errors.ts';
import { leastCheckSeconds, lookEvents, MOST_LOOK_EVENTS, TTLS_PER_BAKE } from '../../failback/bake.ts';
import type { Check } from '../checks.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';
import { MOST_CHECK_SECONDS } from '../limits.ts';
import { PRESET_TRAITS } from '../preset.ts';

type CheckTable = Readonly<Record<string, Check | false>>;

/** Rules on the check table and on the ladder of the way back. */
export const checkRules: readonly CrossFieldRule[] = [
  rule({
    source: 'a probe must end before the next one begins (docs/configuration.md)',
    needs: ['checks'],
    check: ({ checks }) =>
      named(checks).flatMap(([name, { timeoutSeconds, intervalSeconds }]) =>
        timeoutSeconds < intervalSeconds
          ? []
          : [
              {
                path: `checks.${name}.timeoutSeconds`,
                message: 'is not shorter than the interval',
                value: timeoutSeconds,
                allowed: `1 to ${intervalSeconds - 1}`,
                remedy: 'shorten the timeout or lengthen the interval',
              },
            ],
      ),
  }),
  rule({
    source: 'docs/configuration.md',
    needs: ['checks'],
    check: ({ checks }) => [...unknownDependencies(checks), ...dependencyCycles(checks)],
  }),
  rule({
    source: 'the decision looks at critical checks only (docs/decision.md)',
    needs: ['checks', 'preset'],
    check: ({ checks, preset }) =>
      !PRESET_TRAITS[preset].orchestrated || named(checks).some(([, check]) => check.class === 'critical')
        ? []
        : [
            {
              path: 'checks',
              message: 'holds no critical check, so no outage could ever be recognised',
              remedy: 'give at least one check the class "critical"',
            },
          ],
  }),
  rule({
    source: 'the ladder must rise to the whole of the traffic (docs/configuration.md)',
    needs: ['failback'],
    check: ({ failback: { rungs } }) => {
      const rising = rungs.every((rung, index) => index === 0 || rung > (rungs[index - 1] ?? 0));
      if (rising && rungs.at(-1) === 100) return [];
      return [
        {
          path: 'failback.rungs',
          message: 'must rise and end with 100',
          value: rungs,
          allowed: 'for example 10, 50, 100',
          remedy: 'order the rungs and end with 100',
        },
      ];
    },
  }),
  rule({
    source: 'caches follow a rung within two TTLs, and its share is measured after that (docs/configuration.md)',
    needs: ['failback', 'ttlSeconds'],
    check: ({ failback: { bakeMinutes }, ttlSeconds }) =>
      bakeMinutes * 60 >= TTLS_PER_BAKE * ttlSeconds
        ? []
        : [
            {
              path: 'failback.bakeMinutes',
              message: 'is too short for the share of a rung to be measured',
              value: bakeMinutes,
              allowed: `at least ${(TTLS_PER_BAKE * ttlSeconds) / 60}, three times the TTL of ${ttlSeconds} s`,
              remedy: 'bake longer or shorten the TTL',
            },
          ],
  }),
  rule({
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html',
    needs: ['failback'],
    check: ({ failback }) => {
      const events = lookEvents(failback);
      if (events <= MOST_LOOK_EVENTS) return [];
      const least = leastCheckSeconds(failback);
      return [
        {
          path: 'failback.checkSeconds',
          message: `makes ${events} events of looks at the rungs, for which the history of an execution has no room`,
          value: failback.checkSeconds,
          allowed:
            least <= MOST_CHECK_SECONDS
              ? `at least ${least} with ${failback.rungs.length} rungs of ${failback.bakeMinutes} min`
              : `none with ${failback.rungs.length} rungs of ${failback.bakeMinutes} min`,
          remedy: 'look less often, bake shorter or take fewer rungs',
        },
      ];
    },
  }),
  rule({
    source: 'a cap belongs to a rung (docs/configuration.md)',
    needs: ['failback'],
    check: ({ failback: { requestCaps = {}, rungs } }) =>
      Object.entries(requestCaps)
        .filter(([rung]) => !rungs.map(String).includes(rung))
        .map(([rung, cap]) => ({
          path: `failback.requestCaps.${rung}`,
          message: 'caps a rung that is not climbed',
          value: cap,
          allowed: `the rungs ${rungs.join(', ')}`,
          remedy: 'name one of them',
        })),
  }),
  rule({
    source: 'what is judged has to be published (docs/configuration.md)',
    needs: ['failback', 'traffic'],
    check: ({ failback: { minimumCacheHitPercent }, traffic }) =>
      minimumCacheHitPercent === undefined || traffic.cacheHits !== undefined
        ? []
        : [
            {
              path: 'failback.minimumCacheHitPercent',
              message: 'judges a metric that is not named',
              value: minimumCacheHitPercent,
              allowed: 'beside traffic.cacheHits',
              remedy: 'name the metric of the cache, or leave the bound out',
            },
          ],
  }),
  rule({
    source: 'a ladder has readers in both Regions and one writer (docs/configuration.md)',
    needs: ['failback', 'data'],
    check: ({ failback: { rungs }, data }) =>
      data.writes === 'forwarded' || rungs.length === 1
        ? []
        : [
            {
              path: 'failback.rungs',
              message: 'share traffic between Regions while only one of them can write (data.writes is "local")',
              value: rungs,
              allowed: '[100], one planned switchover',
              remedy: 'set rungs to [100], or data.writes to "forwarded"',
            },
          ],
  }),
  rule({
    source:
      'the writer moves before the first step, and nobody could write where most of the traffic is (docs/operations.md)',
    needs: ['failback', 'data'],
    check: ({ failback: { slowStartPercent = 100 }, data }) =>
      data.writes === 'forwarded' || slowStartPercent === 100
        ? []
        : [
            {
              path: 'failback.slowStartPercent',
              message: 'shares traffic between Regions while only one of them can write (data.writes is "local")',
              value: slowStartPercent,
              allowed: 'none, or 100',
              remedy: 'leave it out, or set data.writes to "forwarded"',
            },
          ],
  }),
];

function named(checks: CheckTable): readonly (readonly [string, Check])[] {
  return Object.entries(checks).flatMap(([name, check]) => (check === false ? [] : [[name, check] as const]));
}

function unknownDependencies(checks: CheckTable): readonly Problem[] {
  const names = named(checks).map(([name]) => name);
  return named(checks).flatMap(([name, { dependsOn }]) =>
    (dependsOn ?? []).flatMap((dependency, index) =>
      names.includes(dependency)
        ? []
        : [
            {
              path: `checks.${name}.dependsOn[${index}]`,
              message: 'is not a check of the table',
              value: dependency,
              allowed: names.filter((other) => other !== name).join(', '),
              remedy: 'name another check or leave it out',
            },
          ],
    ),
  );
}

function dependencyCycles(checks: CheckTable): readonly Problem[] {
  const table = new Map(named(checks));
  const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
    (table.get(from)?.dependsOn ?? []).some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, new Set([...seen, next]))),
    );
  return [...table.keys()]
    .filter((name) => reaches(name, name, new Set()))
    .map((name) => ({
      path: `checks.${name}.dependsOn`,
      message: 'leads back to the check itself',
      value: table.get(name)?.dependsOn,
      remedy: 'break the circle',
    }));
}
