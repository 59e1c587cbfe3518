import { checksOf } from '../../core/config/accessors.ts';
import type { Check, CheckKind, CheckOf } from '../../core/config/checks.ts';
import type { ConfigInput, ResolvedConfig } from '../../core/config/types.ts';
import { SINGAPORE, TOKYO, testConfig } from './config.ts';

const COMMON = {
  layer: 'infrastructure',
  class: 'important',
  intervalSeconds: 30,
  failureThreshold: 3,
  recoveryThreshold: 2,
  timeoutSeconds: 5,
} as const;
const PAIR = { [SINGAPORE]: TOKYO, [TOKYO]: SINGAPORE };

/** One check of each kind, under the name of the kind. */
export const CHECK_SAMPLES: { readonly [Kind in CheckKind]: Partial<CheckOf<Kind>> & { readonly kind: Kind } } = {
  http: { kind: 'http', ...COMMON, path: '/health' },
  deep: { kind: 'deep', ...COMMON, component: 'search' },
  metric: { kind: 'metric', ...COMMON, metric: 'error-rate', above: 0.1 },
  tcp: { kind: 'tcp', ...COMMON, host: 'broker.{region}.storefront.example', port: 9094 },
  'tls-expiry': { kind: 'tls-expiry', ...COMMON, minimumDays: 14 },
  dns: { kind: 'dns', ...COMMON, name: 'db.{region}.storefront.example', type: 'A', expected: ['192.0.2.7'] },
  cloudwatch: {
    kind: 'cloudwatch',
    ...COMMON,
    namespace: 'AWS/ApplicationELB',
    metric: 'HealthyHostCount',
    dimensions: { LoadBalancer: 'app/storefront-{region}/1' },
    statistic: 'Minimum',
    periodSeconds: 60,
    below: 2,
  },
  prometheus: {
    kind: 'prometheus',
    ...COMMON,
    url: 'https://prometheus.{region}.storefront.example',
    query: 'max(queue_depth{region="{region}"})',
    above: 100,
  },
  'aurora-lag': { kind: 'aurora-lag', ...COMMON, cluster: 'storefront-{region}', aboveSeconds: 5 },
  'dynamodb-replication-latency': {
    kind: 'dynamodb-replication-latency',
    ...COMMON,
    table: 'carts',
    receivingRegion: PAIR,
    aboveSeconds: 5,
  },
  's3-replication-latency': {
    kind: 's3-replication-latency',
    ...COMMON,
    sourceBucket: 'images-{region}',
    destinationBucket: { [SINGAPORE]: `images-${TOKYO}`, [TOKYO]: `images-${SINGAPORE}` },
    rule: 'everything',
    aboveSeconds: 900,
  },
  'queue-age': { kind: 'queue-age', ...COMMON, queue: 'orders', aboveSeconds: 60 },
  'kafka-replicator-lag': { kind: 'kafka-replicator-lag', ...COMMON, replicator: 'into-{region}', aboveSeconds: 30 },
  route53: { kind: 'route53', ...COMMON, healthCheck: { [SINGAPORE]: 'check-1', [TOKYO]: 'check-2' } },
  lambda: { kind: 'lambda', ...COMMON, function: 'smoke-test' },
};

/** Every kind there is. */
export const CHECK_KINDS = Object.keys(CHECK_SAMPLES) as readonly CheckKind[];

/** The samples as a person adds them to a config. */
export const CHECKS_OF_EVERY_KIND = CHECK_SAMPLES as NonNullable<ConfigInput['checks']>;

/** The example with one check of each kind besides those of the table. */
export function configOfEveryKind(changes: Partial<ConfigInput> = {}): ResolvedConfig {
  return testConfig({ checks: CHECKS_OF_EVERY_KIND, ...changes });
}

/** The sample of a kind as a resolved config has it. */
export function sampleCheck(kind: CheckKind): Check {
  const found = checksOf(configOfEveryKind()).find(({ name }) => name === kind);
  if (found === undefined) throw new Error(`there is no sample of ${kind}`);
  return found.check;
}
