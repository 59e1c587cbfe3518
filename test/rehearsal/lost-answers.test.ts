import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { manualInput, rehearse } from '../_helpers/rehearse.ts';

const LOST_PROMOTION: Scenario = {
  name: 'lost-promotion',
  about: 'a manual failover whose promotion is accepted while the answer gets lost',
  faults: [{ kind: 'api-answer-lost', atSeconds: 0, service: 'rds', operation: 'FailoverGlobalCluster' }],
  actions: [{ action: 'start', machine: 'failover', atSeconds: 300, input: manualInput() }],
  expectations: [{ text: 'there is one operation', path: 'operations.length', op: 'equals', value: 1 }],
};

describe('a promotion whose answer is lost', () => {
  it('is found under way and seen to its end', async () => {
    const { failover, operations, world, passed } = await rehearse({ scenario: LOST_PROMOTION });
    expect(passed).toBe(true);
    expect(failover.status).toBe('SUCCEEDED');
    expect(world.writerRegion).toBe('ap-northeast-1');
    const requested = operations[0]?.events.find(
      ({ step, outcome }) => step === 'start-promotion' && outcome === 'requested',
    );
    expect(requested?.detail).toMatchObject({ mode: 'failover', alreadyUnderWay: true });
  });
});
