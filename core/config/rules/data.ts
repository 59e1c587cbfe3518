import { type CrossFieldRule, rule } from '../cross-field-rule.ts';

/** Rules on the data tier. */
export const dataRules: readonly CrossFieldRule[] = [
  rule({
    source: 'an operation holds for a person at the deadline of its promotion (docs/operations.md)',
    needs: ['data'],
    check: ({ data }) =>
      data.adapter === 'none' || data.promotionSeconds <= data.promotionDeadlineSeconds
        ? []
        : [
            {
              path: 'data.promotionSeconds',
              message: 'is longer than a promotion is awaited, so every failover would be held for a person',
              value: data.promotionSeconds,
              allowed: `at most ${data.promotionDeadlineSeconds}, the promotionDeadlineSeconds`,
              remedy: 'raise promotionDeadlineSeconds, or correct what a promotion takes',
            },
          ],
  }),
];
