import { describe, expect, it } from 'vitest';
import { isGuardian } from '../../lib/placement.ts';
import storefront from '../../switchyard.config.ts';

describe('the placement of stacks', () => {
  it.each([
    { region: 'ap-southeast-1', guards: true },
    { region: 'ap-northeast-2', guards: true },
    { region: 'ap-northeast-3', guards: false },
  ])('knows whether $region keeps a switch', ({ region, guards }) => {
    expect(isGuardian(storefront, region)).toBe(guards);
  });
});
