import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import { rungWeights } from '../../../core/failback/ladder.ts';
import {
  allWeightOn,
  allZeroGroup,
  desiredWeights,
  groupWeight,
  homeWeights,
  mayStandInFor,
  residencyGroup,
  type Weights,
  weightsAfterShift,
} from '../../../core/routing/weights.ts';
import {
  activeInput,
  dnsInput,
  MUMBAI,
  regionsOf,
  SINGAPORE,
  SYDNEY,
  TOKYO,
  testConfig,
} from '../../_helpers/config.ts';

const active = resolveConfig(activeInput({ regions: regionsOf([SINGAPORE, TOKYO, SYDNEY], 'active') }));
const LIVE = 'live.api.storefront.example';

function resident(residency: string[][]): ReturnType<typeof resolveConfig> {
  const routing: ConfigInput['routing'] = {
    policy: 'geolocation',
    locations: [{ location: '*', region: SINGAPORE }],
    residency,
  };
  return resolveConfig(activeInput({ regions: regionsOf([SINGAPORE, TOKYO, SYDNEY, MUMBAI], 'active'), routing }));
}

describe('the weights of an application', () => {
  it('that has never moved are all on its home where one Region serves', () => {
    expect(homeWeights(testConfig(), SINGAPORE)).toEqual({ [SINGAPORE]: 100, [TOKYO]: 0 });
    expect(homeWeights(resolveConfig(dnsInput()), SINGAPORE)).toEqual({ [SINGAPORE]: 100, [TOKYO]: 0 });
  });

  it('that has never moved are full everywhere where all Regions serve', () => {
    expect(homeWeights(active, SINGAPORE)).toEqual({ [SINGAPORE]: 100, [TOKYO]: 100, [SYDNEY]: 100 });
  });

  it('are all on one Region of many', () => {
    expect(allWeightOn(active, SYDNEY)).toEqual({ [SINGAPORE]: 0, [TOKYO]: 0, [SYDNEY]: 100 });
    expect(allWeightOn(active, 'us-east-1')).toEqual({ [SINGAPORE]: 0, [TOKYO]: 0, [SYDNEY]: 0 });
  });

  it.each([1, 10, 50, 99, 100])('of a rung of %i %% never add up to nothing', (percent) => {
    const rung = { original: SINGAPORE, current: TOKYO, weights: { [SINGAPORE]: 0, [TOKYO]: 100, [SYDNEY]: 100 } };
    expect(rungWeights(testConfig(), rung, percent)).toEqual({ [SINGAPORE]: percent, [TOKYO]: 100 - percent });
    expect(rungWeights(active, rung, percent)).toEqual({ [SINGAPORE]: percent, [TOKYO]: 100, [SYDNEY]: 100 });
  });

  it('of the last rung are those of an application that has never moved', () => {
    for (const config of [testConfig(), testConfig({ regions: regionsOf([SINGAPORE, TOKYO, SYDNEY]) }), active]) {
      const weights = weightsAfterShift(config, {
        weights: homeWeights(config, SINGAPORE),
        source: SINGAPORE,
        target: TOKYO,
      });
      const last = rungWeights(config, { original: SINGAPORE, current: TOKYO, weights }, 100);
      expect(last).toEqual(homeWeights(config, SINGAPORE));
    }
  });
});

describe('a Region that has been added where all serve', () => {
  const before = { [SINGAPORE]: 0, [TOKYO]: 100 };

  it('answers for itself, and for others once an operation knows it', () => {
    const desired = (weights: Weights) =>
      Object.fromEntries(
        desiredWeights(active, weights).map(({ name, setIdentifier, weight }) => [
          `${setIdentifier} in ${name.split('.')[0]}`,
          weight,
        ]),
      );
    expect(desired(before)).toMatchObject({
      [`${SYDNEY} in ${SYDNEY}`]: 100,
      [`${TOKYO} in ${SINGAPORE}`]: 100,
      [`${SYDNEY} in ${SINGAPORE}`]: 0,
    });
    const after = weightsAfterShift(active, { weights: before, source: SINGAPORE, target: TOKYO });
    expect(after).toEqual({ [SINGAPORE]: 0, [TOKYO]: 100, [SYDNEY]: 100 });
    expect(desired(after)).toMatchObject({ [`${TOKYO} in ${SINGAPORE}`]: 50, [`${SYDNEY} in ${SINGAPORE}`]: 50 });
  });
});

describe('the weight of a member', () => {
  it.each([
    { own: 100, other: 100, weights: [100, 0] },
    { own: 0, other: 100, weights: [0, 100] },
    { own: 10, other: 100, weights: [10, 90] },
    { own: 50, other: 50, weights: [50, 50] },
    { own: 100, other: 0, weights: [100, 0] },
    { own: 0, other: 0, weights: [0, 0] },
  ])('in the group of a Region with $own beside one with $other is $weights', ({ own, other, weights }) => {
    const given = { [SINGAPORE]: own, [TOKYO]: other };
    const members = [SINGAPORE, TOKYO];
    const of = (member: string): number => groupWeight({ group: SINGAPORE, members, member, weights: given });
    expect([of(SINGAPORE), of(TOKYO)]).toEqual(weights);
  });

  it('that the weights do not know yet is its own in its group, and nothing in another', () => {
    const group = { group: SINGAPORE, members: [SINGAPORE, TOKYO] };
    expect(groupWeight({ ...group, member: SINGAPORE, weights: {} })).toBe(100);
    expect(groupWeight({ ...group, member: TOKYO, weights: { [SINGAPORE]: 0 } })).toBe(0);
  });

  it.each([
    { own: 10, standIns: 2, weight: 45, share: 10 },
    { own: 50, standIns: 3, weight: 17, share: 50 },
    { own: 50, standIns: 4, weight: 13, share: 49 },
    { own: 99, standIns: 4, weight: 1, share: 96 },
    { own: 0, standIns: 4, weight: 25, share: 0 },
  ])('leaves a Region with $own its share beside $standIns others, one of which is out', (given) => {
    const others = [TOKYO, SYDNEY, MUMBAI, 'ap-southeast-3'].slice(0, given.standIns);
    const members = [SINGAPORE, ...others, 'us-east-1'];
    const weights = { ...Object.fromEntries(others.map((id) => [id, 100])), [SINGAPORE]: given.own, 'us-east-1': 0 };
    const all = members.map((member) => groupWeight({ group: SINGAPORE, members, member, weights }));
    expect(all).toEqual([given.own, ...others.map(() => given.weight), 0]);
    expect(Math.round((100 * given.own) / all.reduce((sum, weight) => sum + weight, 0))).toBe(given.share);
  });
});

describe('who may stand in for a Region', () => {
  it('is every other one where no residency is asked for', () => {
    expect(mayStandInFor(active, TOKYO)).toEqual([SINGAPORE, SYDNEY]);
    expect(residencyGroup(active, TOKYO)).toBeUndefined();
  });

  it.each([
    { region: SINGAPORE, others: [SYDNEY] },
    { region: SYDNEY, others: [SINGAPORE] },
    { region: TOKYO, others: [] },
    { region: MUMBAI, others: [SINGAPORE, TOKYO, SYDNEY] },
  ])('of residency groups is those of its group: $region, $others', ({ region, others }) => {
    expect(mayStandInFor(resident([[SINGAPORE, SYDNEY], [TOKYO]]), region)).toEqual(others);
  });
});

describe('the weights that the records are to have', () => {
  it('are one per Region where one serves', () => {
    expect(desiredWeights(testConfig(), { [SINGAPORE]: 10, [TOKYO]: 90 })).toEqual([
      { name: LIVE, setIdentifier: SINGAPORE, weight: 10 },
      { name: LIVE, setIdentifier: TOKYO, weight: 90 },
    ]);
  });

  it('are nothing for a Region that they do not name', () => {
    expect(desiredWeights(testConfig(), { [TOKYO]: 100 })[0]).toMatchObject({ setIdentifier: SINGAPORE, weight: 0 });
  });

  it('are one per Region in every group where all serve, each group for its own Region', () => {
    const desired = desiredWeights(active, homeWeights(active, SINGAPORE));
    expect(desired.map(({ name, setIdentifier, weight }) => `${name} ${setIdentifier} ${weight}`)).toEqual([
      `${SINGAPORE}.${LIVE} ${SINGAPORE} 100`,
      `${SINGAPORE}.${LIVE} ${TOKYO} 0`,
      `${SINGAPORE}.${LIVE} ${SYDNEY} 0`,
      `${TOKYO}.${LIVE} ${TOKYO} 100`,
      `${TOKYO}.${LIVE} ${SINGAPORE} 0`,
      `${TOKYO}.${LIVE} ${SYDNEY} 0`,
      `${SYDNEY}.${LIVE} ${SYDNEY} 100`,
      `${SYDNEY}.${LIVE} ${SINGAPORE} 0`,
      `${SYDNEY}.${LIVE} ${TOKYO} 0`,
    ]);
  });

  it('leave a residency group alone with its own members', () => {
    const config = resident([[SINGAPORE, SYDNEY], [TOKYO]]);
    const members = (region: string): readonly string[] =>
      desiredWeights(config, homeWeights(config, SINGAPORE))
        .filter(({ name }) => name === `${region}.${LIVE}`)
        .map(({ setIdentifier }) => setIdentifier);
    expect(members(SINGAPORE)).toEqual([SINGAPORE, SYDNEY]);
    expect(members(TOKYO)).toEqual([TOKYO]);
    expect(members(MUMBAI)).toEqual([MUMBAI, SINGAPORE, TOKYO, SYDNEY]);
  });
});

describe('after a shift among Regions that all serve', () => {
  const config = resident([[SINGAPORE, SYDNEY], [TOKYO]]);
  const shift = { weights: homeWeights(config, SINGAPORE), source: SINGAPORE, target: SYDNEY };
  const desired = desiredWeights(config, weightsAfterShift(config, shift));
  const group = (region: string): readonly string[] =>
    desired
      .filter(({ name }) => name === `${region}.${LIVE}`)
      .map(({ setIdentifier, weight }) => `${setIdentifier} ${weight}`);

  it('the target answers for the Region that was left, and every other Region for itself', () => {
    expect(group(SINGAPORE)).toEqual([`${SINGAPORE} 0`, `${SYDNEY} 100`]);
    expect(group(SYDNEY)).toEqual([`${SYDNEY} 100`, `${SINGAPORE} 0`]);
    expect(group(TOKYO)).toEqual([`${TOKYO} 100`]);
  });

  it('no group has a sum of 0, which could not be written', () => {
    expect(allZeroGroup(desired)).toBeUndefined();
  });
});

describe('a group in which every weight is 0', () => {
  const want = (name: string, weight: number) => ({ name, setIdentifier: `${name}${weight}`, weight });

  it.each([
    { what: 'none', desired: [], found: undefined },
    { what: 'a full one', desired: [want('a', 100), want('a', 0)], found: undefined },
    { what: 'an empty one', desired: [want('a', 0), want('a', 0)], found: 'a' },
    { what: 'an empty one behind a full one', desired: [want('a', 1), want('b', 0)], found: 'b' },
  ])('is found among $what: $found', ({ desired, found }) => {
    expect(allZeroGroup(desired)).toBe(found);
  });
});
