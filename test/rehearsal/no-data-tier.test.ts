import { expect, it } from 'vitest';
import { resolveConfig } from '../../core/config/resolve.ts';
import storefront from '../../switchyard.config.ts';
import { rehearse } from '../_helpers/rehearse.ts';

it('without a data tier the writer is whom the state grants it', async () => {
  const config = resolveConfig({ ...storefront, data: { adapter: 'none' } });
  const { world } = await rehearse({
    config,
    scenario: {
      ...{ name: 'quiet', about: 'Nothing happens.', untilSeconds: 120, faults: [], actions: [] },
      expectations: [{ text: 'nothing starts', path: 'failover.status', op: 'equals', value: 'NOT_STARTED' }],
    },
  });
  expect(world.writerRegion).toBe('ap-southeast-1');
});
