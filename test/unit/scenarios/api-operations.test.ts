import { expect, it, vi } from 'vitest';
import storefront from '../../../switchyard.config.ts';
import { API_OPERATIONS } from '../../../twin/scenarios/api-operations.ts';
import { installVirtualClock } from '../../../twin/virtual-clock.ts';
import { createWorld } from '../../../twin/world/world.ts';

const handled = vi.hoisted(() => ({ services: {} as Readonly<Record<string, object>> }));

vi.mock('../../../twin/aws/aws-world.ts', async (original) => {
  const real = await original<typeof import('../../../twin/aws/aws-world.ts')>();
  return {
    ...real,
    createAwsWorld: (settings: Parameters<typeof real.createAwsWorld>[0]) => {
      handled.services = settings.services;
      return real.createAwsWorld(settings);
    },
  };
});

it('are those that the world answers', () => {
  const clock = installVirtualClock({ startEpochMs: 0, random: () => 0.5 });
  createWorld({ config: storefront, clock, seed: 1 });
  clock.dispose();
  const answered = Object.entries(handled.services).map(([name, of]) => [name, Object.keys(of).toSorted()]);
  expect(Object.fromEntries(answered)).toEqual(API_OPERATIONS);
});
