import { describe, expect, it } from 'vitest';
import { routingRegion as whereRecordsAreKept } from '../../adapters/aws/create-ports.ts';
import { isGuardian, routingRegion } from '../../lib/placement.ts';
import storefront from '../../switchyard.config.ts';
import { CONFIGS } from '../_helpers/configs.ts';

describe('the placement of stacks', () => {
  it.each(CONFIGS)('puts the live weights of %s where the functions keep them', (_, config) => {
    expect(routingRegion(config)).toBe(whereRecordsAreKept(config));
  });

  it.each([
    { region: 'ap-southeast-1', guards: true },
    { region: 'ap-northeast-2', guards: true },
    { region: 'ap-northeast-3', guards: false },
  ])('knows whether $region keeps a switch', ({ region, guards }) => {
    expect(isGuardian(storefront, region)).toBe(guards);
  });
});
