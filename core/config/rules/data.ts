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
];
