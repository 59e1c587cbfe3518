import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PER_FAILOVER } from '../../core/cost/failover-cost.ts';
import { MACHINES } from '../../state-machines/contracts.ts';
import { rehearse } from '../_helpers/rehearse.ts';

/** The names of the states that call a function, of all machines. */
const TASKS = new Set(
  MACHINES.flatMap((machine) => {
    const file = new URL(`../../state-machines/${machine}.asl.json`, import.meta.url);
    const { States } = JSON.parse(readFileSync(file, 'utf8')) as { States: Record<string, { Type: string }> };
    return Object.entries(States).flatMap(([name, { Type }]) => (Type === 'Task' ? [name] : []));
  }),
);

it('a failover and its failback take no more than the estimate of their cost assumes', async () => {
  const { operations, notifications } = await rehearse({ scenario: 'region-outage' });
  const states = operations.flatMap((operation) => operation.states.map(({ state }) => state));
  expect(operations.map(({ kind }) => kind)).toEqual(['failover', 'failback']);
  expect(states.length).toBeLessThanOrEqual(PER_FAILOVER.transitions);
  expect(states.filter((state) => TASKS.has(state)).length).toBeLessThanOrEqual(PER_FAILOVER.stepInvocations);
  expect(notifications.length).toBeLessThanOrEqual(PER_FAILOVER.messages);
});
