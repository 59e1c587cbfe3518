import { type CrossFieldRule, rule } from '../cross-field-rule.ts';

/** Rules on the data tier. */
export const dataRules: readonly CrossFieldRule[] = [
  rule({
    source: 'a promotion is awaited until its deadline (docs/operations.md)',
    needs: ['data'],
    check: ({ data }) =>
      data.adapter === 'none' || data.promotionSeconds <= data.promotionDeadlineSeconds
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
    check: ({ data, regions }) => {
      const known = regions.map(({ id }) => id);
      const given = data.adapter === 'none' ? [] : Object.keys(data.clusters ?? {});
      return given
        .filter((region) => !known.includes(region))
        .map((region) => ({
          path: `data.clusters.${region}`,
          message: 'is no Region of the application',
          value: region,
          allowed: known.join(', '),
          remedy: 'correct the Region or take the entry out',
        }));
    },
  }),
];
