import { describe, expect, it } from 'vitest';
import type { ParameterCreation } from '../../adapters/aws/ssm-parameters.ts';
import { createEnsureWeights } from '../../lambdas/ensure-weights/ensure-weights.ts';
import storefront from '../../switchyard.config.ts';
import { fixtureConfig } from '../_helpers/configs.ts';

/** A parameter store that keeps its word: creating what exists changes nothing. */
function parameterStore(existing: Readonly<Record<string, string>> = {}): ParameterCreation & {
  readonly values: Map<string, string>;
} {
  const values = new Map(Object.entries(existing));
  return {
    values,
    create: async ({ name, value }) => {
      if (values.has(name)) return false;
      values.set(name, value);
      return true;
    },
  };
}

const FIRST = { before: undefined };
const LATER = { before: { Names: [] } };

const WEIGHTS = '/switchyard/storefront/weights/live.api.storefront.example';

describe('ensure-weights', () => {
  it('creates every live weight at the first deployment: all of the traffic on the primary', async () => {
    const parameters = parameterStore();
    const ensured = await createEnsureWeights({ config: storefront, parameters })(FIRST);
    expect(Object.fromEntries(parameters.values)).toEqual({
      [`${WEIGHTS}/ap-southeast-1`]: '100',
      [`${WEIGHTS}/ap-northeast-1`]: '0',
    });
    expect(ensured).toEqual({ created: [...parameters.values.keys()], kept: [] });
  });

  it('never overwrites: what a failover made of the weights is what they are after a deployment', async () => {
    const live = { [`${WEIGHTS}/ap-southeast-1`]: '0', [`${WEIGHTS}/ap-northeast-1`]: '100' };
    const parameters = parameterStore(live);
    const ensured = await createEnsureWeights({ config: storefront, parameters })(FIRST);
    expect(Object.fromEntries(parameters.values)).toEqual(live);
    expect(ensured).toEqual({ created: [], kept: Object.keys(live) });
  });

  it('creates the weights that a later config adds, and those alone', async () => {
    const orders = '/switchyard/orders/weights/live.api.orders.example';
    const parameters = parameterStore({ [`${orders}/us-east-1`]: '0', [`${orders}/us-east-2`]: '100' });
    await createEnsureWeights({ config: fixtureConfig('active-passive-three-regions'), parameters })(LATER);
    expect(Object.fromEntries(parameters.values)).toEqual({
      [`${orders}/us-east-1`]: '0',
      [`${orders}/us-east-2`]: '100',
      [`${orders}/us-west-2`]: '0',
    });
  });

  it('changes nothing when it runs again', async () => {
    const parameters = parameterStore();
    const ensure = createEnsureWeights({ config: storefront, parameters });
    const { created } = await ensure(FIRST);
    expect(await ensure(FIRST)).toEqual({ created: [], kept: created });
  });

  it('gives no traffic to a Region that is added as the new primary: an operation moves it there', async () => {
    const orders = '/switchyard/orders/weights/live.api.orders.example';
    const parameters = parameterStore({ [`${orders}/us-east-2`]: '100' });
    await createEnsureWeights({ config: fixtureConfig('active-passive-three-regions'), parameters })(LATER);
    expect(Object.fromEntries(parameters.values)).toEqual({
      [`${orders}/us-east-1`]: '0',
      [`${orders}/us-east-2`]: '100',
      [`${orders}/us-west-2`]: '0',
    });
  });

  it('lets a Region that is added where all serve answer for itself, and for no other', async () => {
    const config = fixtureConfig('active-active-latency');
    const parameters = parameterStore();
    await createEnsureWeights({ config, parameters })(LATER);
    const sydney = [...parameters.values].filter(([name]) => name.endsWith('/ap-southeast-2'));
    expect(sydney.map(([name, value]) => [name.split('/').at(-2), value])).toEqual([
      ['eu-west-1.live.api.catalog.example', '0'],
      ['eu-central-1.live.api.catalog.example', '0'],
      ['ap-southeast-2.live.api.catalog.example', '100'],
    ]);
  });
});
