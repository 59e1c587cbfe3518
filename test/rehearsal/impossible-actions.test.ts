import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { rehearse } from '../_helpers/rehearse.ts';

const SCENARIO: Scenario = {
  name: 'nobody-asked',
  about: 'Nothing happens, and an operator answers all the same.',
  untilSeconds: 120,
  faults: [],
  actions: [],
  expectations: [{ text: 'nothing starts', path: 'failover.status', op: 'equals', value: 'NOT_STARTED' }],
};

describe('an answer that nobody asked for', () => {
  it.each(['approve', 'decline', 'resume', 'abort'] as const)(
    'breaks the rehearsal and does not end it: %s',
    async (action) => {
      const { passed, expectations, virtualSeconds } = await rehearse({
        scenario: { ...SCENARIO, actions: [{ action, atSeconds: 60 }] },
      });
      expect({ passed, virtualSeconds }).toEqual({ passed: false, virtualSeconds: 120 });
      expect(expectations.filter(({ held }) => !held)).toEqual([
        {
          text: `the operator can ${action} at 60 s`,
          held: false,
          found: `nobody has been asked to ${action} anything`,
        },
      ]);
    },
  );
});

describe('a start that the API refuses', () => {
  it('breaks the rehearsal and does not end it', async () => {
    const input = { target: '{standby}' };
    const { expectations } = await rehearse({
      scenario: {
        ...SCENARIO,
        faults: [{ kind: 'region-dark', atSeconds: 10, region: 'standby' }],
        actions: [{ action: 'start', machine: 'failover', atSeconds: 30, input }],
      },
    });
    expect(expectations.filter(({ held }) => !held)).toMatchObject([{ text: 'the operator can start at 30 s' }]);
  });
});
