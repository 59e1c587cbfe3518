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
        source: 'a promotion is awaited until its deadline (docs/operations.md)',
        path: 'data.promotionSeconds',
        message: 'is longer than a promotion is awaited',
        value: 61,
        allowed: 'at most 60',
        remedy: 'raise promotionDeadlineSeconds',
      },
    ],
  },
];
