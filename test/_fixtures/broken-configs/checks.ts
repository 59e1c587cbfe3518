import type { Problem } from '../../../core/errors.ts';
import { passiveInput } from '../../_helpers/config.ts';
import type { BrokenConfig } from './broken-config.ts';

const RISING = {
  source: 'the ladder must rise to the whole of the traffic (docs/configuration.md)',
  path: 'failback.rungs',
  message: 'must rise and end with 100',
  allowed: 'for example 10, 50, 100',
  remedy: 'order the rungs and end with 100',
};
const BAKE = {
  source: 'caches follow a rung within two TTLs, and its share is measured after that (docs/configuration.md)',
  path: 'failback.bakeMinutes',
  message: 'is too short for the share of a rung to be measured',
  remedy: 'bake longer or shorten the TTL',
};
const HISTORY = {
  source: 'https://docs.aws.amazon.com/step-functions/latest/dg/bp-history-limit.html',
  path: 'failback.checkSeconds',
  remedy: 'look less often, bake shorter or take fewer rungs',
};
const importantOnly = Object.fromEntries(
  ['region-connectivity', 'database-writer', 'cache-cluster', 'order-service', 'payment-service'].map((name) => [
    name,
    { class: 'important' as const },
  ]),
);
const circle = (name: string, dependsOn: string[]): Problem => ({
  source: 'docs/configuration.md',
  path: `checks.${name}.dependsOn`,
  message: 'leads back to the check itself',
  value: dependsOn,
  remedy: 'break the circle',
});

export const BROKEN_CHECKS: readonly BrokenConfig[] = [
  {
    what: 'a cap for a rung that is not climbed',
    input: passiveInput({ failback: { requestCaps: { '10': 50, '20': 100 } } }),
    problems: [
      {
        source: 'a cap belongs to a rung (docs/configuration.md)',
        path: 'failback.requestCaps.20',
        message: 'caps a rung that is not climbed',
        value: 100,
        allowed: 'the rungs 10, 50, 100',
        remedy: 'name one of them',
      },
    ],
  },
  {
    what: 'a bound for a cache whose metric is not named',
    input: passiveInput({ failback: { minimumCacheHitPercent: 80 } }),
    problems: [
      {
        source: 'what is judged has to be published (docs/configuration.md)',
        path: 'failback.minimumCacheHitPercent',
        message: 'judges a metric that is not named',
        value: 80,
        allowed: 'beside traffic.cacheHits',
        remedy: 'name the metric of the cache, or leave the bound out',
      },
    ],
  },
  ...[30, 31].map((timeoutSeconds) => ({
    what: `a timeout of ${timeoutSeconds} s at an interval of 30 s`,
    input: passiveInput({ checks: { 'order-service': { timeoutSeconds } } }),
    problems: [
      {
        source: 'a probe must end before the next one begins (docs/configuration.md)',
        path: 'checks.order-service.timeoutSeconds',
        message: 'is not shorter than the interval',
        value: timeoutSeconds,
        allowed: '1 to 29',
        remedy: 'shorten the timeout or lengthen the interval',
      },
    ],
  })),
  {
    what: 'a dependency that is no check',
    input: passiveInput({
      checks: { 'cache-cluster': false, 'order-service': { dependsOn: ['region-connectivity', 'cache-cluster'] } },
    }),
    problems: [
      {
        source: 'docs/configuration.md',
        path: 'checks.order-service.dependsOn[1]',
        message: 'is not a check of the table',
        value: 'cache-cluster',
        allowed: 'region-connectivity, database-writer, payment-service, inventory-service, error-rate, response-time',
        remedy: 'name another check or leave it out',
      },
    ],
  },
  {
    what: 'a check that depends on itself',
    input: passiveInput({ checks: { 'region-connectivity': { dependsOn: ['region-connectivity'] } } }),
    problems: [circle('region-connectivity', ['region-connectivity'])],
  },
  {
    what: 'checks that depend on one another in a circle',
    input: passiveInput({
      checks: {
        'cache-cluster': { dependsOn: ['order-service'] },
        'order-service': { dependsOn: ['payment-service'] },
        'payment-service': { dependsOn: ['cache-cluster'] },
        'inventory-service': { dependsOn: ['cache-cluster'] },
      },
    }),
    problems: [
      circle('cache-cluster', ['order-service']),
      circle('order-service', ['payment-service']),
      circle('payment-service', ['cache-cluster']),
    ],
  },
  {
    what: 'no critical check',
    input: passiveInput({ checks: importantOnly }),
    problems: [
      {
        source: 'the decision looks at critical checks only (docs/decision.md)',
        path: 'checks',
        message: 'holds no critical check, so no outage could ever be recognised',
        remedy: 'give at least one check the class "critical"',
      },
    ],
  },
  ...[
    [10, 50],
    [50, 10, 100],
    [10, 10, 100],
    [100, 100],
  ].map((rungs) => ({
    what: `the rungs ${rungs.join(', ')}`,
    input: passiveInput({ failback: { rungs } }),
    problems: [{ ...RISING, value: rungs }],
  })),
  {
    what: 'a bake of 2 min with a TTL of 60 s',
    input: passiveInput({ failback: { bakeMinutes: 2 } }),
    problems: [{ ...BAKE, value: 2, allowed: 'at least 3, three times the TTL of 60 s' }],
  },
  {
    what: 'a bake of 3 min with a TTL of 61 s',
    input: passiveInput({ ttlSeconds: 61, failback: { bakeMinutes: 3 } }),
    problems: [{ ...BAKE, value: 3, allowed: 'at least 3.05, three times the TTL of 61 s' }],
  },
  {
    what: 'a day of baking with a look every 155 s',
    input: passiveInput({ failback: { bakeMinutes: 1440, checkSeconds: 155 } }),
    problems: [
      {
        ...HISTORY,
        message: 'makes 15093 events of looks at the rungs, for which the history of an execution has no room',
        value: 155,
        allowed: 'at least 156 with 3 rungs of 1440 min',
      },
    ],
  },
  {
    what: 'a hundred rungs of a day each',
    input: passiveInput({
      failback: { bakeMinutes: 1440, checkSeconds: 600, rungs: Array.from({ length: 100 }, (_, index) => index + 1) },
    }),
    problems: [
      {
        ...HISTORY,
        message: 'makes 130500 events of looks at the rungs, for which the history of an execution has no room',
        value: 600,
        allowed: 'none with 100 rungs of 1440 min',
      },
    ],
  },
  {
    what: 'a ladder whose lower rungs could not write',
    input: passiveInput({ data: { adapter: 'aurora-global', globalCluster: 'storefront', writes: 'local' } }),
    problems: [
      {
        source: 'a ladder has readers in both Regions and one writer (docs/configuration.md)',
        path: 'failback.rungs',
        message: 'share traffic between Regions while only one of them can write (data.writes is "local")',
        value: [10, 50, 100],
        allowed: '[100], one planned switchover',
        remedy: 'set rungs to [100], or data.writes to "forwarded"',
      },
    ],
  },
  {
    what: 'steps to a rung whose lower ones could not write',
    input: passiveInput({
      data: { adapter: 'aurora-global', globalCluster: 'storefront', writes: 'local' },
      failback: { rungs: [100], slowStartPercent: 25 },
    }),
    problems: [
      {
        source:
          'the writer moves before the first step, and nobody could write where most of the traffic is (docs/operations.md)',
        path: 'failback.slowStartPercent',
        message: 'shares traffic between Regions while only one of them can write (data.writes is "local")',
        value: 25,
        allowed: 'none, or 100',
        remedy: 'leave it out, or set data.writes to "forwarded"',
      },
    ],
  },
];
