import { describe, expect, it } from 'vitest';
import type { Fault } from '../../twin/scenarios/fault-schema.ts';
import type { Action, Scenario } from '../../twin/scenarios/scenario.ts';
import { broken, manualInput, rehearse } from '../_helpers/rehearse.ts';

const OPERATION = 'failover-by-operator-1';
const START: Action = { action: 'start', machine: 'failover', atSeconds: 300, input: manualInput() };

/** A manual failover whose execution is killed or stopped, and what people then do. */
function lost(faults: readonly Fault[], actions: readonly Action[], start: Action = START): Scenario {
  return {
    name: 'lost-execution',
    about: 'a manual failover whose execution is gone before its end',
    untilSeconds: 1_200,
    faults: [...faults],
    actions: [start, ...actions],
    expectations: [{ text: 'there is an operation', path: 'operations.length', op: 'atLeast', value: 1 }],
  };
}

const killed = (state: string, point: 'before' | 'after' = 'before'): Fault => ({
  kind: 'orchestrator-killed',
  atSeconds: 0,
  machine: 'failover',
  state,
  point,
});

const again = (request: Record<string, unknown>, atSeconds = 340): Action => ({
  action: 'start',
  machine: 'failover',
  atSeconds,
  input: manualInput({ reason: 'go on', requestedBy: 'ann', ...request }),
});

describe('an execution that is killed', () => {
  it.each(['ValidateTarget', 'FenceSource', 'StartPromotion', 'AwaitPromotion', 'VerifyTraffic', 'CloseOperation'])(
    'before %s is gone on with by a new execution under another name',
    async (state) => {
      const result = await rehearse({ scenario: lost([killed(state)], [again({ resume: OPERATION }, 500)]) });
      expect(broken(result)).toEqual([]);
      const [operation, ...more] = result.operations;
      expect(more).toEqual([]);
      expect(operation).toMatchObject({ operationId: OPERATION, status: 'SUCCEEDED', epoch: 1 });
      expect(result.world).toMatchObject({ phase: 'FAILED_OVER', writerRegion: 'ap-northeast-1' });
      expect(result.world.apiCalls['rds:FailoverGlobalCluster']).toBe(1);
      expect(operation?.events).toContainEqual(
        expect.objectContaining({
          step: 'open-operation',
          detail: expect.objectContaining({ takenUpFrom: expect.stringMatching(/failover-by-operator-1$/), by: 'ann' }),
        }),
      );
    },
  );

  it.each([
    { state: 'ValidateTarget', status: 'ABORTED', why: 'nothing had been changed' },
    { state: 'StartPromotion', status: 'FAILED', why: 'the fence was taken back' },
  ])('before $state is ended by an operator: $status, $why', async ({ state, status }) => {
    const result = await rehearse({
      scenario: lost([killed(state)], [again({ abort: OPERATION, reason: 'no need' })]),
    });
    expect(broken(result)).toEqual([]);
    expect(result.operations).toMatchObject([{ operationId: OPERATION, status }]);
    expect(result.world).toMatchObject({ phase: 'STEADY', activeRegion: 'ap-southeast-1', answersChanged: false });
    expect(result.notifications.at(-1)).toMatchObject({
      subject: `[FAILOVER][${status}] storefront: ap-southeast-1 -> ap-northeast-1`,
      text: expect.stringContaining('ended by ann: no need'),
    });
  });

  it('after the promotion is held where an operator wants it ended: nothing can be put back', async () => {
    const result = await rehearse({
      scenario: lost([killed('AwaitPromotion')], [again({ abort: OPERATION }), { action: 'resume', atSeconds: 420 }]),
    });
    expect(result.notifications.map(({ subject }) => subject)).toContain(
      '[FAILOVER][NEEDS_OPERATOR] storefront: ap-southeast-1 -> ap-northeast-1',
    );
    expect(result.operations).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  it('is told with the way on, and its operation needs somebody', async () => {
    const { operations, notifications } = await rehearse({ scenario: lost([killed('VerifyAnswers')], []) });
    expect(operations).toMatchObject([{ status: 'NEEDS_OPERATOR', endedAtSeconds: null }]);
    expect(notifications.at(-1)).toMatchObject({
      subject: '[FAILOVER][STOPPED] storefront: ap-southeast-1 -> ap-northeast-1',
      text: expect.stringContaining('Redrive it within 14 days'),
    });
  });

  it('once taken up cannot be redriven into changing anything', async () => {
    const result = await rehearse({
      scenario: lost(
        [killed('VerifyAnswers')],
        [again({ resume: OPERATION }, 360), { action: 'redrive', atSeconds: 362 }],
      ),
    });
    expect(broken(result)).toEqual([]);
    expect(result.operations).toMatchObject([{ status: 'SUCCEEDED' }]);
    expect(result.operations[0]?.states.map(({ state }) => state)).toContain('LoseOperation');
  });
});

/** A state in which a failover waits, what makes it, and how it ends when it is ended there. */
interface Wait {
  readonly state: string;
  readonly at: number;
  readonly status: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly faults?: readonly Fault[];
}

const WAITS: readonly Wait[] = [
  { state: 'RequestApproval', at: 320, status: 'ABORTED', input: { approval: 'required' } },
  {
    state: 'WaitForWriteLease',
    at: 308,
    status: 'FAILED',
    faults: [{ kind: 'backbone-cut', region: 'primary', atSeconds: 295, untilSeconds: 400 }],
  },
  { state: 'WaitForPromotion', at: 320, status: 'NEEDS_OPERATOR' },
  { state: 'WaitForTraffic', at: 365, status: 'NEEDS_OPERATOR' },
];

describe('an operator who stops a failover and ends it', () => {
  it.each(WAITS)('at $state comes to an end that says so: $status', async ({ state, at, status, input, faults }) => {
    const result = await rehearse({
      scenario: lost(
        faults ?? [],
        [
          { action: 'stop', atSeconds: at },
          again({ abort: OPERATION, reason: 'a false alarm' }, at + 10),
          // Past the point of no return it is held, and given up by the command of that message.
          ...(status === 'NEEDS_OPERATOR' ? [{ action: 'abort' as const, atSeconds: at + 200 }] : []),
        ],
        { ...START, input: manualInput(input) } as Action,
      ),
    });
    expect(broken(result)).toEqual([]);
    const [operation] = result.operations;
    expect(operation?.states.findLast(({ atSeconds }) => atSeconds <= at)?.state).toBe(state);
    expect(operation).toMatchObject({ status, endedAtSeconds: expect.any(Number) });
    expect(result.notifications.map(({ subject }) => subject)).toContainEqual(expect.stringContaining(`[${status}]`));
    expect(JSON.stringify(operation?.events)).toContain('a false alarm');
  });
});
