import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../../core/config/accessors.ts';
import { hasFailoverTop, PRESET_TRAITS, probesEndpoints } from '../../../core/config/preset.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import { PRESETS } from '../../../core/config/schema.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';

const PROMOTED = { roles: 'one-primary', leavesBySwitchOnly: true, orchestrated: true, front: 'regions' } as const;
const SHARED = { roles: 'all-active', leavesBySwitchOnly: false, orchestrated: true, front: 'regions' } as const;

describe('a preset', () => {
  it.each([
    { preset: 'active-active', strategy: 'A', ...SHARED },
    { preset: 'active-passive', strategy: 'B', ...PROMOTED },
    {
      preset: 'global-load-balancer',
      ...{ strategy: 'C', roles: 'all-active', leavesBySwitchOnly: false, orchestrated: false, front: 'accelerator' },
    },
    {
      preset: 'dns-failover',
      ...{ strategy: 'D', roles: 'one-primary', leavesBySwitchOnly: false, orchestrated: false, front: 'regions' },
    },
    { preset: 'warm-standby', strategy: 'E', ...PROMOTED },
    { preset: 'cold-standby', strategy: 'F', ...PROMOTED },
    { preset: 'data-active-active', strategy: 'G', ...SHARED },
    { preset: 'queue-based-writes', strategy: 'H', ...PROMOTED },
  ] as const)('$preset decides what it is for', ({ preset, ...traits }) => {
    expect(traitsOf({ preset })).toEqual({ ...traits, about: expect.any(String) });
  });

  it('is one of each strategy', () => {
    expect(PRESETS.map((preset) => PRESET_TRAITS[preset].strategy).toSorted()).toEqual([...'ABCDEFGH']);
  });

  it('has a place for a last resort where the name itself is a failover record', () => {
    expect(PRESETS.filter((preset) => !hasFailoverTop(preset))).toEqual(['active-active', 'data-active-active']);
  });

  it('has front doors probed where they gate records, and everywhere where a last resort waits for them', () => {
    const probing = PRESETS.filter((preset) => probesEndpoints({ preset }));
    expect(probing).toEqual(['active-active', 'dns-failover', 'data-active-active']);
    expect(PRESETS.every((preset) => probesEndpoints({ preset, lastResort: {} }))).toBe(true);
  });
});

describe('the defaults of a preset', () => {
  it.each(PRESETS)('of %s: only a cold standby waits for a person', (preset) => {
    expect(resolveConfig(inputFor(preset, 2)).automation.enabled).toBe(preset !== 'cold-standby');
  });

  it('give way to what a person writes, field by field', () => {
    const given = { ...inputFor('cold-standby', 2), automation: { maxPerDay: 1 } };
    expect(resolveConfig(given).automation).toMatchObject({ enabled: false, maxPerDay: 1 });
    expect(resolveConfig({ ...given, automation: { enabled: true } }).automation.enabled).toBe(true);
  });

  it('give a queue of writes its figures', () => {
    expect(resolveConfig(inputFor('queue-based-writes', 2)).writeBuffer).toEqual({
      retentionDays: 14,
      visibilitySeconds: 60,
    });
  });

  it.each(PRESETS)('of %s are in the printed form, which resolves to itself', (preset) => {
    const config = resolveConfig(inputFor(preset, 2));
    expect(JSON.stringify(resolveConfig(JSON.parse(JSON.stringify(config))))).toBe(JSON.stringify(config));
  });

  it('hide no malformed section', () => {
    expect(() => resolveConfig({ ...inputFor('cold-standby', 2), automation: 'off' })).toThrow(/automation/);
  });
});
