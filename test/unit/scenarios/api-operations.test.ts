import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import storefront from '../../../switchyard.config.ts';
import { API_OPERATIONS, apiOperationsOf } from '../../../twin/scenarios/api-operations.ts';
import { installVirtualClock } from '../../../twin/virtual-clock.ts';

const AWS_WORLD = '../../../twin/aws/aws-world.ts';
const handled = { services: {} as Readonly<Record<string, object>> };
let createWorld: typeof import('../../../twin/world/world.ts').createWorld;

beforeAll(async () => {
  vi.doMock(AWS_WORLD, async (original) => {
    const real = await original<typeof import('../../../twin/aws/aws-world.ts')>();
    return {
      ...real,
      createAwsWorld: (settings: Parameters<typeof real.createAwsWorld>[0]) => {
        handled.services = settings.services;
        return real.createAwsWorld(settings);
      },
    };
  });
  // Another file may have loaded the world before.
  vi.resetModules();
  ({ createWorld } = await import('../../../twin/world/world.ts'));
});

afterAll(() => {
  vi.doUnmock(AWS_WORLD);
  vi.resetModules();
});

const DATA_TIERS: readonly ConfigInput['data'][] = [
  { adapter: 'none' },
  { adapter: 'aurora-global', globalCluster: 'storefront' },
  { adapter: 'rds-replica', instance: 'storefront' },
  { adapter: 'dynamodb-global', table: 'storefront' },
  { adapter: 'custom', function: 'data-tier' },
];

it.each(DATA_TIERS)('are those that the world answers with the data tier %o', (data) => {
  const config = resolveConfig({ ...storefront, data });
  const clock = installVirtualClock({ startEpochMs: 0, random: () => 0.5 });
  createWorld({ config, clock, seed: 1 });
  clock.dispose();
  const answered = Object.entries(handled.services).map(([name, of]) => [name, Object.keys(of).toSorted()]);
  expect(Object.fromEntries(answered)).toEqual(apiOperationsOf(config));
  if (data?.adapter === 'aurora-global') expect(apiOperationsOf(config)).toEqual(API_OPERATIONS);
});
