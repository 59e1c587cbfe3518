import type { Problem } from '../../errors.ts';
import { type CrossFieldRule, rule } from '../cross-field-rule.ts';

/** Rules on the data tier, and on what is fenced with it. */
export const dataRules: readonly CrossFieldRule[] = [
  rule({
    source: 'a promotion is awaited until its deadline (docs/operations.md)',
    needs: ['data'],
    check: ({ data }) =>
      !('promotionSeconds' in data) || data.promotionSeconds <= data.promotionDeadlineSeconds
        ? []
        : [
            {
              path: 'data.promotionSeconds',
              message: 'is longer than a promotion is awaited',
              value: data.promotionSeconds,
              allowed: `at most ${data.promotionDeadlineSeconds}`,
              remedy: 'raise promotionDeadlineSeconds',
            },
          ],
  }),
  rule({
    source: 'an alarm in each Region looks at the cluster there (docs/runbooks/replication-lag.md)',
    needs: ['data', 'regions'],
    check: ({ data, regions }) => ('clusters' in data ? strangersAmong('data.clusters', data.clusters, regions) : []),
  }),
  rule({
    source: 'there is one DB instance in every application Region (docs/data-tiers.md)',
    needs: ['data', 'regions'],
    check: ({ data, regions }) =>
      'instances' in data ? strangersAmong('data.instances', data.instances, regions) : [],
  }),
  rule({
    source: 'the record of an operation knows a hook by its name',
    needs: ['failover'],
    check: ({ failover: { fenceHooks } }) =>
      fenceHooks.flatMap(({ name }, index) =>
        fenceHooks.findIndex((other) => other.name === name) === index
          ? []
          : [
              {
                path: `failover.fenceHooks[${index}].name`,
                message: 'is the name of another hook',
                value: name,
                remedy: 'give each hook a name of its own',
              },
            ],
      ),
  }),
];

function strangersAmong(
  path: string,
  given: Readonly<Record<string, string>> | undefined,
  regions: readonly { readonly id: string }[],
): readonly Problem[] {
  const known = regions.map(({ id }) => id);
  return Object.keys(given ?? {})
    .filter((region) => !known.includes(region))
    .map((region) => ({
      path: `${path}.${region}`,
      message: 'is no Region of the application',
      value: region,
      allowed: known.join(', '),
      remedy: 'correct the Region or take the entry out',
    }));
}
