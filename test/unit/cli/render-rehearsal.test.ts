import { describe, expect, it } from 'vitest';
import { renderRehearsal } from '../../../cli/render/rehearsal.ts';
import { renderReport } from '../../../cli/render/report.ts';
import { targetsOf } from '../../../core/decision/targets.ts';
import type { OperationResult, RehearsalResult } from '../../../twin/scenarios/result-document.ts';
import type { Scenario } from '../../../twin/scenarios/scenario.ts';
import { NO_INTERRUPTION } from '../../../twin/scenarios/tell-write-interruption.ts';

const NONE = { p50: null, p99: null, max: null };
const SCENARIO: Scenario = { name: 'a-test', about: 'A test.', faults: [], actions: [], expectations: [] };

function resultWith(changes: Partial<RehearsalResult>): RehearsalResult {
  return {
    ...{ schemaVersion: 1, scenario: 'a-test', seed: 1, passed: true, virtualSeconds: 60, wallSeconds: 1 },
    failover: {
      ...{ status: 'NOT_STARTED', source: null, target: null, ruleId: null, epoch: null },
      ...{ firstChangedAnswerSeconds: null, rtoSeconds: NONE, overCaching: NONE, keptAlive: NONE, rpoSeconds: null },
      phases: {} as never,
      writeInterruption: NO_INTERRUPTION,
      requests: { total: null, failed: null },
    },
    failback: {
      status: 'NOT_STARTED',
      durationSeconds: null,
      rungs: [],
      retreat: { atSeconds: null, lastRequestAfterSeconds: null },
    },
    ...{ operations: [], decisions: [], notifications: [], expectations: [] },
    answers: { before: [], afterFailover: [], afterFailback: [], atEnd: [] },
    world: { activeRegion: 'a', writerRegion: 'a', records: [] } as never,
    ...changes,
  };
}

function failbackIn(state: string): Partial<RehearsalResult> {
  const operation = { kind: 'failback', status: 'RUNNING', endedAtSeconds: null, events: [] };
  return {
    failback: {
      status: 'RUNNING',
      durationSeconds: null,
      rungs: [],
      retreat: { atSeconds: null, lastRequestAfterSeconds: null },
    },
    operations: [{ ...operation, states: [{ atSeconds: 77.5, state }] } as unknown as OperationResult],
  };
}

describe('a rehearsal as it is printed', () => {
  it('says of a failback that is held since when', () => {
    const text = renderRehearsal(resultWith(failbackIn('HoldForOperator')), SCENARIO);
    expect(text).toContain('Failback     RUNNING, held for an operator since 77.5 s\n');
  });

  it('says of a failback that the rehearsal outran where it stood', () => {
    const text = renderRehearsal(resultWith(failbackIn('WaitForNextLook')), SCENARIO);
    expect(text).toContain('Failback     RUNNING, in WaitForNextLook when the rehearsal ended\n');
  });

  it('tells in its story what was refused and passed by, and no time of another calendar', () => {
    const detail = {
      skippedGates: ['hold time', 'ladder'],
      reasons: [],
      servers: ['a', 'b'],
      atEpochMs: 1,
      reason: '',
    };
    const events = [
      { atSeconds: 1, step: 'climb-ladder', outcome: 'skipped', detail },
      {
        atSeconds: 2,
        step: 'close-operation',
        outcome: 'done',
        detail: { status: 'SUCCEEDED', reason: '', share: 2.345 },
      },
    ];
    const [operation] = failbackIn('Succeed').operations ?? [];
    const text = renderRehearsal(resultWith({ operations: [{ ...operation, events } as OperationResult] }), SCENARIO);
    expect(text).toContain('climb-ladder skipped (skippedGates hold time; ladder)\n');
    expect(text).toContain('close-operation done (status SUCCEEDED, share 2.35)\n');
  });

  it('names every operation, also those that its figures are not about', () => {
    const { failover } = resultWith({});
    const operation = { status: 'SUCCEEDED', states: [], events: [], openedAtSeconds: 7, endedAtSeconds: null };
    const operations = [
      { ...operation, kind: 'failover', epoch: 1, source: 'a', target: 'b' },
      { ...operation, kind: 'failback', epoch: 2, source: 'b', target: 'a' },
      { ...operation, kind: 'failover', epoch: 3, source: 'b', target: 'a' },
      { ...operation, kind: 'failback', epoch: 4, source: 'a', target: 'b', endedAtSeconds: 9.06 },
    ] as unknown as readonly OperationResult[];
    const measured = { p50: 1, p99: 2, max: 3 };
    const first = { ...failover, epoch: 1, rtoSeconds: measured, rpoSeconds: 0.5 };
    const text = renderRehearsal(resultWith({ failover: first, operations }), SCENARIO);
    expect(text.match(/^Also .*$/gm)).toEqual([
      'Also         failover b -> a: SUCCEEDED, begun at 7.0 s, not ended',
      'Also         failback a -> b: SUCCEEDED, begun at 7.0 s, ended at 9.1 s',
    ]);
    expect(text).toContain('RPO (s)      0.5, the most that any failover lost\n');
  });

  it.each([
    { ruleId: 'D200', rto: 300, rpo: 60 },
    { ruleId: 'D210', rto: 180, rpo: 30 },
  ])('shows the figures of a failover by $ruleId beside their targets', ({ ruleId, rto, rpo }) => {
    const { failover } = resultWith({});
    const measured = { p50: 1, p99: 2, max: 3 };
    const result = resultWith({ failover: { ...failover, ruleId, rtoSeconds: measured, rpoSeconds: 0.5 } });
    const text = renderRehearsal(result, SCENARIO);
    expect(text).toContain(`p50 1, p99 2, max 3 for clients that honour the TTL (target: p99 < ${rto}); kept-alive`);
    expect(text).toContain(`RPO (s)      0.5 (target: < ${rpo})\n`);
    expect(renderReport(result, SCENARIO)).toContain(`| RTO p50 / p99 / max (s) | 1 / 2 / 3 (target: p99 < ${rto}) |`);
  });

  it('has no target for what a person started, or a row that starts nothing', () => {
    expect([null, 'D100', 'D300', 'D999'].map(targetsOf)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
