import { describe, expect, it } from 'vitest';
import { isGated, judgeWarmth, type WarmthSight } from '../../../core/failback/warm-up.ts';
import { SINGAPORE, testConfig } from '../../_helpers/config.ts';

const RUNG = { percent: 10, original: SINGAPORE };
const SIGHT: WarmthSight = {
  returning: { requestsPerSecond: 20, cacheHitPercent: 80 },
  serving: { requestsPerSecond: 180 },
};

function configWith(failback: object, capacityRequestsPerSecond?: number) {
  const { regions, ...config } = testConfig();
  const capacity = capacityRequestsPerSecond === undefined ? {} : { capacityRequestsPerSecond };
  return {
    ...config,
    regions: regions.map((region) => (region.id === SINGAPORE ? { ...region, ...capacity } : region)),
    failback: { ...config.failback, ...failback },
  };
}

const reasonsOf = (config: ReturnType<typeof configWith>, sight = SIGHT) => judgeWarmth(config, RUNG, sight).reasons;

describe('the gate before a rung', () => {
  it.each([
    { what: 'nothing', config: configWith({}), gated: false },
    { what: 'the cap of another rung', config: configWith({ requestCaps: { '50': 1 } }), gated: false },
    { what: 'its cap', config: configWith({ requestCaps: { '10': 1 } }), gated: true },
    { what: 'the capacity of the Region', config: configWith({}, 100), gated: true },
    { what: 'its cache', config: configWith({ minimumCacheHitPercent: 1 }), gated: true },
  ])('with $what named: is there something to look at: $gated', ({ config, gated }) => {
    expect(isGated(config, RUNG)).toBe(gated);
  });

  it.each([
    { what: 'capacity', limits: (limit: number) => configWith({}, limit), said: `the capacity of ${SINGAPORE}` },
    {
      what: 'cap',
      limits: (limit: number) => configWith({ requestCaps: { '10': limit } }),
      said: 'the cap of the rung of 10 %',
    },
  ])('opens at a tenth of all requests within the $what, n and n − 1', ({ limits, said }) => {
    expect(reasonsOf(limits(20))).toEqual([]);
    expect(reasonsOf(limits(19))).toEqual([`20 requests/s are expected; ${said} is 19`]);
  });

  it.each([
    { hits: 80, reasons: [] },
    { hits: 79.94, reasons: [`the cache of ${SINGAPORE} answers 79.9 % of the lookups; 80 % are asked for`] },
    { hits: undefined, reasons: [`the cache of ${SINGAPORE} is not measured; 80 % are asked for`] },
  ])('judges a cache that answers $hits %', ({ hits, reasons }) => {
    const returning = { requestsPerSecond: 0, ...(hits === undefined ? {} : { cacheHitPercent: hits }) };
    expect(reasonsOf(configWith({ minimumCacheHitPercent: 80 }), { ...SIGHT, returning })).toEqual(reasons);
  });

  it('gives every reason, and takes what is not measured for one', () => {
    const config = configWith({ minimumCacheHitPercent: 80, requestCaps: { '10': 5 } }, 10);
    expect(reasonsOf(config, { returning: undefined, serving: undefined })).toEqual([
      `the load of the rung is not measured; the capacity of ${SINGAPORE} is 10 requests/s`,
      'the load of the rung is not measured; the cap of the rung of 10 % is 5 requests/s',
      `the cache of ${SINGAPORE} is not measured; 80 % are asked for`,
    ]);
  });

  it('takes a returning Region that answers without data for one without load', () => {
    expect(reasonsOf(configWith({}, 18), { ...SIGHT, returning: {} })).toEqual([]);
  });
});
