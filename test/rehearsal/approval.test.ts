import { describe, expect, it } from 'vitest';
import exampleConfig from '../../switchyard.config.ts';
import type { Action, Scenario } from '../../twin/scenarios/scenario.ts';
import { manualInput, rehearse } from '../_helpers/rehearse.ts';

/** A manual failover that asks for an approval, and what people then do. */
function asking(actions: readonly Action[]): Scenario {
  const start: Action = {
    action: 'start',
    machine: 'failover',
    atSeconds: 300,
    input: manualInput({ approval: 'required' }),
  };
  return {
    name: 'approval',
    about: 'a manual failover that a second person has to approve',
    faults: [],
    actions: [start, ...actions],
    expectations: [{ text: 'there is one operation', path: 'operations.length', op: 'equals', value: 1 }],
  };
}

describe('a manual failover that asks for an approval', () => {
  it('changes nothing until it is approved, and then succeeds', async () => {
    const { failover, operations, notifications } = await rehearse({
      scenario: asking([{ action: 'approve', atSeconds: 400 }]),
    });
    expect(failover.status).toBe('SUCCEEDED');
    const fenced = operations[0]?.events.find(({ step, outcome }) => step === 'fence-source' && outcome === 'done');
    expect(fenced?.atSeconds).toBeGreaterThan(400);
    const answered = operations[0]?.events.find(
      ({ step, outcome }) => step === 'request-approval' && outcome === 'done',
    );
    expect(answered?.detail).toEqual({ answer: 'approve', by: 'operator' });
    expect(notifications.map(({ subject }) => subject)).toContainEqual(expect.stringContaining('[FAILOVER][APPROVAL]'));
  });

  it('ends with nothing changed where replication has fallen behind until it is approved', async () => {
    const { failover, operations, world } = await rehearse({
      scenario: {
        ...asking([{ action: 'approve', atSeconds: 700 }]),
        faults: [{ kind: 'replication-lag', seconds: 600, atSeconds: 320, untilSeconds: 1_200 }],
      },
    });
    expect(failover.status).toBe('ABORTED');
    expect(world).toMatchObject({ answersChanged: false, evacuated: [], writerRegion: 'ap-southeast-1' });
    expect(world.apiCalls['rds:FailoverGlobalCluster']).toBeUndefined();
    const judged = operations[0]?.events.filter(({ step }) => step === 'validate-target');
    expect(judged?.map(({ outcome }) => outcome)).toEqual(['done', 'refused']);
  });

  it('ends with nothing changed when it is declined', async () => {
    const { failover, operations, world } = await rehearse({
      scenario: asking([{ action: 'decline', atSeconds: 400 }]),
    });
    expect(failover.status).toBe('ABORTED');
    expect(world).toMatchObject({
      answersChanged: false,
      evacuated: [],
      activeRegion: 'ap-southeast-1',
      lastCommitEpoch: 0,
    });
    expect(operations[0]?.events.at(-2)?.detail).toMatchObject({
      status: 'ABORTED',
      reason: 'declined by the operator',
    });
  });

  it('ends with nothing changed when nobody answers within 15 minutes', async () => {
    const { failover, operations, world } = await rehearse({ scenario: asking([]) });
    expect(failover.status).toBe('ABORTED');
    expect(world).toMatchObject({ answersChanged: false, evacuated: [] });
    expect((operations[0]?.endedAtSeconds ?? 0) - 300).toBeGreaterThan(900);
    expect((operations[0]?.endedAtSeconds ?? 0) - 300).toBeLessThan(910);
  });

  it('keeps the task token out of the result', async () => {
    const result = await rehearse({ scenario: asking([{ action: 'decline', atSeconds: 400 }]) });
    expect(JSON.stringify(result)).not.toMatch(/token-\d/);
  });
});

describe('a failback that asks for an approval', () => {
  it('ends with nothing changed where replication has fallen behind until it is approved', async () => {
    const start: Action = {
      action: 'start',
      machine: 'failback',
      atSeconds: 1_800,
      input: manualInput({ source: '{standby}', target: '{primary}', approval: 'required' }),
    };
    const { operations, world } = await rehearse({
      config: { ...exampleConfig, failback: { ...exampleConfig.failback, holdMinutes: 0 } },
      scenario: {
        ...asking([]),
        untilSeconds: 2_700,
        faults: [
          { kind: 'region-dark', region: 'primary', atSeconds: 600, untilSeconds: 1_200 },
          { kind: 'replication-lag', seconds: 900, atSeconds: 1_850 },
        ],
        actions: [start, { action: 'approve', atSeconds: 2_400 }],
      },
    });
    const failback = operations.find(({ kind }) => kind === 'failback');
    expect(failback).toMatchObject({ status: 'ABORTED' });
    const judged = failback?.events.filter(({ step }) => step === 'reconcile-data');
    expect(judged?.map(({ outcome }) => outcome)).toEqual(['done', 'refused']);
    expect(world).toMatchObject({
      phase: 'FAILED_OVER',
      activeRegion: 'ap-northeast-1',
      writerRegion: 'ap-northeast-1',
      evacuated: ['ap-southeast-1'],
    });
    expect(world.apiCalls['rds:SwitchoverGlobalCluster']).toBeUndefined();
  });
});
