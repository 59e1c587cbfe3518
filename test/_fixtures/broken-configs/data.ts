import { passiveInput } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

export const BROKEN_DATA: readonly BrokenConfig[] = [
  {
    what: 'a promotion that takes longer than it is awaited',
    input: passiveInput({
      data: {
        adapter: 'aurora-global',
        globalCluster: 'storefront',
        promotionSeconds: 61,
        promotionDeadlineSeconds: 60,
      },
    }),
    problems: [
      {
        source: 'an operation holds for a person at the deadline of its promotion (docs/operations.md)',
        path: 'data.promotionSeconds',
        message: 'is longer than a promotion is awaited, so every failover would be held for a person',
        value: 61,
        allowed: 'at most 60, the promotionDeadlineSeconds',
        remedy: 'raise promotionDeadlineSeconds, or correct what a promotion takes',
      },
    ],
  },
];
