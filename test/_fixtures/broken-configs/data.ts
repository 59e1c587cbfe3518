import { passiveInput, SEOUL, SINGAPORE, TOKYO } from '../../_helpers/config.ts';
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
  {
    what: 'a cluster in a Region that the application does not run in',
    input: passiveInput({
      data: { adapter: 'aurora-global', globalCluster: 'storefront', clusters: { [SEOUL]: 'storefront-seoul' } },
    }),
    problems: [
      {
        source: 'an alarm in each Region looks at the cluster there (docs/runbooks/replication-lag.md)',
        path: `data.clusters.${SEOUL}`,
        message: 'is no Region of the application',
        value: SEOUL,
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'correct the Region or take the entry out',
      },
    ],
  },
  {
    what: 'a DB instance in a Region that the application does not run in',
    input: passiveInput({
      data: { adapter: 'rds-replica', instance: 'storefront', instances: { [SEOUL]: 'storefront-seoul' } },
    }),
    problems: [
      {
        source: 'there is one DB instance in every application Region (docs/data-tiers.md)',
        path: `data.instances.${SEOUL}`,
        message: 'is no Region of the application',
        value: SEOUL,
        allowed: `${SINGAPORE}, ${TOKYO}`,
        remedy: 'correct the Region or take the entry out',
      },
    ],
  },
  {
    what: 'two fence hooks of one name',
    input: passiveInput({
      failover: {
        fenceHooks: [
          { name: 'stop-batches', function: 'stop-batches' },
          { name: 'stop-batches', function: 'stop-imports' },
        ],
      },
    }),
    problems: [
      {
        source: 'the record of an operation knows a hook by its name',
        path: 'failover.fenceHooks[1].name',
        message: 'is the name of another hook',
        value: 'stop-batches',
        remedy: 'give each hook a name of its own',
      },
    ],
  },
];
