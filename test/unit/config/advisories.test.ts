import { describe, expect, it } from 'vitest';
import { advisoriesOf } from '../../../core/config/advisories.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ConfigInput } from '../../../core/config/types.ts';
import type { RepairSides } from '../../../core/reconcile/entity.ts';
import { RECONCILE } from '../../_fixtures/broken-configs/reconcile.ts';
import { inputFor } from '../../_fixtures/preset-matrix.ts';
import { dnsInput, MUMBAI, OSAKA, regionsOf, SEOUL, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';

describe('what is advised', () => {
  const advice = (vantages: readonly string[]): readonly string[] => advisoriesOf({ ...testConfig(), vantages });

  it('is a vantage where two observers are all there are', () => {
    expect(advice([])).toEqual([expect.stringMatching(/^two observers survive none: .*add a vantage$/)]);
  });

  it('is a second vantage where one is all there is', () => {
    expect(advice([SEOUL])).toEqual([expect.stringMatching(/another vantage survives that$/)]);
  });

  it('is nothing where one silent observer beside a dead Region leaves a quorum', () => {
    expect(advice([SEOUL, OSAKA])).toEqual([]);
    expect(advisoriesOf(testConfig({ regions: regionsOf([SINGAPORE, TOKYO, MUMBAI]) }))).toEqual([]);
  });

  it.each<[RepairSides, NonNullable<ConfigInput['reconcile']>['entities'] & object, readonly string[]]>([
    ['both-sides', {}, ['orders, payments, inventory: a row that only one Region has is left to a person']],
    [
      'source-only',
      {},
      ['orders, payments, inventory: a row that only the Region that was left has is left to a person'],
    ],
    [
      'both-sides',
      { orders: { createdColumn: 'created_at' }, payments: { tombstones: { table: 'gone' } } },
      ['inventory: a row that only one Region has is left to a person'],
    ],
    ['both-sides', { orders: false, payments: false, inventory: { policy: 'source-wins' } }, []],
  ])('is to name what tells a new row from a deleted one, %s, %j', (repair, entities, says) => {
    const config = testConfig({ vantages: [SEOUL, OSAKA], reconcile: { ...RECONCILE, repair, entities } });
    const told = advisoriesOf(config).filter((line) => line.includes('createdColumn'));
    expect(told).toEqual(says.map((beginning) => expect.stringContaining(`${beginning}, as it may be`)));
  });

  it('is nothing where nothing decides', () => {
    expect(advisoriesOf(resolveConfig(dnsInput()))).toEqual([]);
  });

  it('is a vantage also where three Regions run the application and none watches from outside', () => {
    const config = testConfig({ regions: regionsOf([SINGAPORE, TOKYO, MUMBAI]), vantages: [] });
    expect(advisoriesOf(config)).toEqual([expect.stringMatching(/another vantage survives that$/)]);
  });

  it('is to look where traffic leaves at other errors than people are told of', () => {
    const config = testConfig({ vantages: [SEOUL, OSAKA], policy: { errorPercent: 6 } });
    expect(advisoriesOf(config)).toEqual([
      expect.stringMatching(/^traffic leaves at more than 6 % errors .* above 0\.1 /),
    ]);
    const both = testConfig({
      vantages: [SEOUL, OSAKA],
      policy: { errorPercent: 6 },
      checks: { 'error-rate': { above: 0.06 } },
    });
    expect(advisoriesOf(both)).toEqual([]);
  });

  it.each([
    { preset: 'warm-standby', says: /^nothing is scaled yet: bring what scaling.targets names to its size by hand/ },
    { preset: 'cold-standby', says: /^nothing is scaled yet: / },
    { preset: 'data-active-active', says: /^conflicts are settled by your data store: .*not applied$/ },
    { preset: 'queue-based-writes', says: /^your application fills and replays the queue of writes/ },
    { preset: 'global-load-balancer', says: /^an accelerator looks at the 3 closest endpoint groups .* all 5$/ },
  ] as const)('is what $preset leaves to people and to the application', ({ preset, says }) => {
    expect(advisoriesOf(resolveConfig(inputFor(preset, 5)))).toEqual([expect.stringMatching(says)]);
  });

  it('is nothing of an accelerator that looks at every Region', () => {
    expect(advisoriesOf(resolveConfig(inputFor('global-load-balancer', 3)))).toEqual([]);
  });

  it('is that a cold standby is never ready by itself, where it is to start by itself', () => {
    const config = resolveConfig({ ...inputFor('cold-standby', 5), automation: { enabled: true } });
    expect(advisoriesOf(config)).toContainEqual(expect.stringMatching(/fails the gate target-healthy until/));
  });
});
