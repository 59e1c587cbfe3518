import { describe, expect, it } from 'vitest';
import { edgeNames, MACHINE_NAMES } from '../_helpers/asl.ts';
import { walk } from '../_helpers/walk-machine.ts';
import { FAILBACK_CHOICES } from './failback-choices.ts';
import { FAILOVER_CHOICES } from './failover-choices.ts';
import { FAILBACK_WAY, FAILOVER_WAY } from './good-ways.ts';

const TABLES = { failover: FAILOVER_CHOICES, failback: FAILBACK_CHOICES } as const;
const GOOD_WAYS = { failover: FAILOVER_WAY, failback: FAILBACK_WAY } as const;

describe.each(MACHINE_NAMES)('every Choice of the %s', (machine) => {
  const rows = Object.entries(TABLES[machine]).map(([branch, { route = {}, path }]) => ({ branch, route, path }));

  it('is in the table of walks with every branch, and nothing else is', () => {
    expect(Object.keys(TABLES[machine]).toSorted()).toEqual(edgeNames(machine, 'Choice').toSorted());
  });

  it('has a good way on which nothing goes wrong', async () => {
    const { states, end } = await walk({ machine });
    expect(states).toEqual(GOOD_WAYS[machine]);
    expect(end).toBe('SUCCEEDED');
  });

  it.each(rows)('$branch: $path', async ({ branch, route, path }) => {
    const { states, end } = await walk({ machine, ...route });
    const [state = ''] = branch.split(':');
    expect(`${states.slice(states.indexOf(state) + 1).join(' ')} | ${end}`).toBe(path);
  });
});
