import { describe, expect, it } from 'vitest';
import { allStates, MACHINE_NAMES } from '../_helpers/asl.ts';
import { SINGAPORE, TOKYO } from '../_helpers/coordination-samples.ts';
import { type StubbedStep, thrown, walk } from '../_helpers/walk-machine.ts';
import { FAILBACK_LOOPS, MOVE_BACK_LOOPS, MOVED } from './failback-choices.ts';
import { FAILOVER_LOOPS } from './failover-choices.ts';
import { FAILBACK_WAY, FAILOVER_WAY } from './good-ways.ts';
import { doneAfter } from './walk-tables.ts';

const PASSING = thrown('TransientPlatformError');

/** Throws what may pass so many times, and then gives the output. */
function passingAfter(times: number, output: unknown): (call: number) => unknown {
  return (call) => (call <= times ? PASSING : output);
}

describe.each(MACHINE_NAMES)('a person who is asked by the %s', (machine) => {
  it('is asked again where the first message could not be sent', async () => {
    const { end, calls, states } = await walk({
      machine,
      operation: { approval: 'required' },
      steps: { RequestApproval: passingAfter(3, undefined) },
    });
    expect(end).toBe('SUCCEEDED');
    expect(states).toContain('RequestApproval');
    const tokens = calls.filter(({ state }) => state === 'RequestApproval').map(({ payload }) => payload['taskToken']);
    expect(new Set(tokens).size).toBe(4);
  });
});

/** What people send who did not read the message to its end. */
const STRANGE_ANSWERS: readonly (readonly [what: string, output: unknown])[] = [
  ['an empty object', {}],
  ['a bare word', 'approve'],
  ['nothing', null],
  ['a number', 1],
  ['another word', { decision: 'yes' }],
  ['a word in capitals', { decision: 'APPROVE' }],
];

/** A failback whose writer has left is not put back by who gives up. */
const STAYS = { compensated: false, moveWriterBack: false, reason: 'the data writer has left' };

describe.each(MACHINE_NAMES)('a person who answers the %s with', (machine) => {
  const refusals: typeof STRANGE_ANSWERS = [['a "no" sent as a success', { decision: 'decline' }]];

  it.each([...STRANGE_ANSWERS, ...refusals])(
    '%s has not approved it: it ends with nothing changed',
    async (_, output) => {
      const { end, calls } = await walk({
        machine,
        operation: { approval: 'required' },
        answers: { RequestApproval: { output } },
      });
      expect(end).toBe('OperationAborted');
      expect(calls.map(({ state }) => state).slice(-4)).toEqual([
        'RequestApproval',
        'RecordApproval',
        'AbortUnapproved',
        'NotifyAborted',
      ]);
      expect(calls.at(-2)?.payload).toMatchObject({ status: 'ABORTED', error: { Error: 'ApprovalDeclinedError' } });
    },
  );

  it.each(STRANGE_ANSWERS)('%s has not settled a hold: it is asked again', async (_, output) => {
    const { end, calls } = await walk({
      machine,
      steps: { ValidateService: thrown('Boom'), RetreatOnAbort: STAYS },
      answers: { HoldForOperator: [{ output }, { output: { decision: 'abort', by: 'tester' } }] },
    });
    expect(end).toBe('NeedsOperator');
    const asked = calls.filter(({ state }) => state === 'HoldForOperator');
    expect(new Set(asked.map(({ payload }) => payload['taskToken'])).size).toBe(2);
    expect(asked[1]?.payload['error']).toMatchObject({ Error: 'Boom' });
  });
});

describe('a failback that was approved', () => {
  const CLOSED = { passed: false, reasons: ['no longer'] };

  it.each([
    { gate: 'ReconcileData', open: { done: true, passed: true }, closed: { ...CLOSED, done: true } },
    { gate: 'ProveRecovery', open: { passed: true }, closed: CLOSED },
    { gate: 'CheckParity', open: { passed: true }, closed: CLOSED },
  ])('ends with nothing changed where $gate has closed meanwhile, and asks nobody again', async ({ gate, ...step }) => {
    const { end, calls } = await walk({
      machine: 'failback',
      operation: { approval: 'required' },
      steps: { [gate]: (call: number) => ({ waitSeconds: 0, reasons: [], ...(call === 1 ? step.open : step.closed) }) },
    });
    expect(end).toBe('OperationAborted');
    const states = calls.map(({ state }) => state);
    expect(states.filter((state) => state === 'RequestApproval')).toHaveLength(1);
    expect(states).not.toContain('SettleRecords');
    expect(calls.at(-2)).toMatchObject({ state: 'AbortByGate', payload: { gate: { reasons: ['no longer'] } } });
  });
});

describe('a failover that was rolled back', () => {
  it('ends with what made it fail, though nobody could be told', async () => {
    const { end, states, calls } = await walk({
      machine: 'failover',
      steps: { FenceSource: thrown('Boom'), NotifyFailed: thrown('DeadChannel') },
    });
    expect(states.slice(-2)).toEqual(['NotifyFailed', 'Fail']);
    expect(end).toBe('Boom');
    expect(calls.at(-1)?.payload['error']).toMatchObject({ Error: 'Boom' });
  });
});

describe('a failover whose promotion comes before the shift', () => {
  const shiftAfterPromotion = { shiftAfterPromotion: true };

  it('shifts once the target is promoted', async () => {
    const { end, states } = await walk({ machine: 'failover', operation: shiftAfterPromotion });
    expect(end).toBe('SUCCEEDED');
    expect(states.indexOf('AwaitPromotion')).toBeLessThan(states.indexOf('ShiftTraffic'));
    expect(states.filter((state) => state === 'AwaitPromotion')).toHaveLength(1);
  });

  it("shifts also when it is resumed after a hold between the target's switch and the source's", async () => {
    const { end, calls } = await walk({
      machine: 'failover',
      operation: shiftAfterPromotion,
      steps: {
        ShiftTraffic: (call: number) => {
          if (call === 1) return { done: false, waitSeconds: 20 };
          return call === 2 ? thrown('Boom') : { done: true, waitSeconds: 0 };
        },
      },
      answers: { HoldForOperator: { output: { decision: 'resume', by: 'tester' } } },
    });
    expect(end).toBe('SUCCEEDED');
    expect(calls.filter(({ state }) => state === 'ShiftTraffic')).toHaveLength(3);
  });
});

describe('an operation that is resumed', () => {
  const RESUME = { HoldForOperator: { output: { decision: 'resume', by: 'tester' } } };
  const once = (error: Error, output: unknown) => (call: number) => (call === 1 ? error : output);

  it('moves no traffic before the fence and the promotion, though it was held before either', async () => {
    // The data tier's API is down: nothing is promoted, and the roll back cannot tell so either.
    const { end, states } = await walk({
      machine: 'failover',
      steps: {
        StartPromotion: once(thrown('Boom'), { mode: 'failover' }),
        RollBack: once(thrown('Boom'), {}),
      },
      answers: RESUME,
    });
    expect(end).toBe('SUCCEEDED');
    const resumed = states.slice(states.indexOf('WhatNow') + 1);
    expect(resumed.slice(0, 4)).toEqual(['FenceSource', 'IsSourceFenced', 'StartPromotion', 'StartScaling']);
    expect(resumed).toContain('ShiftTraffic');
  });

  it('lets the returning Region in again before it gives it weight, which a retreat may have shut out', async () => {
    const { end, states } = await walk({
      machine: 'failback',
      steps: {
        CheckRung: once(thrown('Boom'), { verdict: 'baked', waitSeconds: 0, reasons: [] }),
        RetreatOnError: thrown('Boom'),
      },
      answers: RESUME,
    });
    expect(end).toBe('SUCCEEDED');
    const resumed = states.slice(states.indexOf('WhatNow') + 1);
    expect(resumed.slice(0, 8)).toEqual([
      'SettleRecords',
      'AwaitSettledRecords',
      'AreRecordsSettled',
      'PrepareLoadBalancers',
      'OpenSwitch',
      'CheckSwitch',
      'IsSwitchOpen',
      'ClimbLadder',
    ]);
  });
});

describe.each([
  ['failover', FAILOVER_LOOPS, FAILOVER_WAY],
  ['failback', FAILBACK_LOOPS, FAILBACK_WAY],
] as const)('the loops of the %s', (machine, loops, goodWay) => {
  it('are all in the table', () => {
    const waits = allStates('Wait').filter(([of]) => of === machine);
    const others =
      machine === 'failback'
        ? [
            'WaitForNextLook',
            'WaitForReconciliation',
            'WaitForWarmth',
            ...MOVE_BACK_LOOPS.map(([, waitBack]) => waitBack),
          ]
        : [];
    expect([...loops.map(([, wait]) => wait), ...others].toSorted()).toEqual(waits.map(([, name]) => name).toSorted());
  });

  it.each(loops)('%s is asked until it is done, with a wait before every time', async (task, wait) => {
    // What the good way does not come by is part of planned work.
    const usual = goodWay.filter((state) => state === task).length || 1;
    const operation = goodWay.includes(task) ? {} : { mode: 'planned' as const };
    const { states, end, virtualSeconds } = await walk({ machine, operation, steps: { [task]: doneAfter(5) } });
    expect(end).toBe('SUCCEEDED');
    expect(states.filter((state) => state === wait)).toHaveLength(5);
    expect(states.filter((state) => state === task)).toHaveLength(5 + usual);
    expect(virtualSeconds).toBeGreaterThanOrEqual(10);
    expect(virtualSeconds).toBeLessThan(11);
  });
});

describe('the loops of a writer that is moved back', () => {
  it.each(MOVE_BACK_LOOPS)('%s is asked until it is done, with a wait before every time', async (task, wait) => {
    const { states, end, virtualSeconds } = await walk({
      machine: 'failback',
      steps: { ...MOVED.steps, [task]: doneAfter(5) },
    });
    expect(end).toBe('OperationAborted');
    expect(states.filter((state) => state === wait)).toHaveLength(5);
    expect(states.filter((state) => state === task)).toHaveLength(6);
    expect(virtualSeconds).toBeGreaterThanOrEqual(10);
    expect(virtualSeconds).toBeLessThan(11);
  });
});

describe('a rung', () => {
  it('is looked at as often as it takes, and its weights are those of the ladder', async () => {
    const looks = (call: number) => ({
      verdict: call % 31 === 0 ? 'baked' : 'keep-watching',
      waitSeconds: call % 31 === 0 ? 0 : 60,
      reasons: [],
    });
    const { end, calls, virtualSeconds } = await walk({ machine: 'failback', steps: { CheckRung: looks } });
    expect(end).toBe('SUCCEEDED');
    expect(calls.filter(({ state }) => state === 'CheckRung')).toHaveLength(62);
    expect(virtualSeconds).toBeGreaterThanOrEqual(2 * 1_800);
    const weights = calls.filter(({ state }) => state === 'SetWeights').map(({ payload }) => payload['weights']);
    expect(weights).toEqual([
      { [SINGAPORE]: 10, [TOKYO]: 90 },
      { [SINGAPORE]: 100, [TOKYO]: 0 },
    ]);
    const rungs = calls.filter(({ state }) => state === 'CheckRung').map(({ payload }) => payload['ladder']);
    expect(rungs[0]).toMatchObject({ next: 'rung', percent: 10 });
    expect(rungs[61]).toMatchObject({ next: 'rung', percent: 100 });
  });

  it('that the failure of the serving Region ends tells its reason to the record', async () => {
    const { calls } = await walk({
      machine: 'failback',
      steps: { CheckRung: thrown('CurrentRegionFailedError') },
    });
    expect(calls.find(({ state }) => state === 'EndForFailover')?.payload).toMatchObject({
      status: 'ABORTED',
      error: { Error: 'CurrentRegionFailedError' },
    });
  });
});

describe.each(MACHINE_NAMES)('in the %s a dead channel', (machine) => {
  const silent = (steps: Readonly<Record<string, StubbedStep>> = {}) =>
    walk({
      machine,
      steps: {
        ...Object.fromEntries(
          ['NotifyStarted', 'NotifySucceeded', 'NotifyAborted', 'NotifyFailed', 'NotifyHeld'].map((state) => [
            state,
            thrown('DeadChannel'),
          ]),
        ),
        ...steps,
      },
    });

  it('changes nothing of a good end', async () => {
    const { states, end } = await silent();
    expect(states).toEqual(machine === 'failover' ? FAILOVER_WAY : FAILBACK_WAY);
    expect(end).toBe('SUCCEEDED');
  });

  it('changes nothing of an operation that is refused by a gate', async () => {
    const gate = machine === 'failover' ? 'ValidateTarget' : 'ReconcileData';
    expect((await silent({ [gate]: { done: true, waitSeconds: 0, passed: false, reasons: ['no'] } })).end).toBe(
      'OperationAborted',
    );
  });

  it('changes nothing of one that is held and given up', async () => {
    expect((await silent({ ValidateService: thrown('Boom'), RetreatOnAbort: STAYS })).end).toBe('NeedsOperator');
  });
});

describe.each(MACHINE_NAMES)('in the %s a person', (machine) => {
  const asking = { approval: 'required', approvalTimeoutSeconds: 900 } as const;
  const fenced = machine === 'failover' ? 'FenceSource' : 'SettleRecords';

  it('who approves lets it go on', async () => {
    const approve = { output: { decision: 'approve', by: 'tester' }, afterSeconds: 600 };
    const { end, states, virtualSeconds } = await walk({
      machine,
      operation: asking,
      answers: { RequestApproval: approve },
    });
    expect(end).toBe('SUCCEEDED');
    expect(states).toContain(fenced);
    expect(virtualSeconds).toBeGreaterThanOrEqual(600);
  });

  it('who declines ends it with nothing changed and with the word said', async () => {
    const { end, states, calls } = await walk({
      machine,
      operation: asking,
      answers: { RequestApproval: { error: 'ApprovalDeclinedError', cause: 'not today' } },
    });
    expect(end).toBe('OperationAborted');
    expect(states).not.toContain(fenced);
    expect(calls.find(({ state }) => state === 'AbortUnapproved')?.payload).toMatchObject({
      status: 'ABORTED',
      error: { Error: 'ApprovalDeclinedError', Cause: 'not today' },
    });
  });

  it('who does not answer ends it with nothing changed, after the limit of the config', async () => {
    const { end, states, virtualSeconds } = await walk({
      machine,
      operation: asking,
      answers: { RequestApproval: 'silence' },
    });
    expect(end).toBe('OperationAborted');
    expect(states).not.toContain(fenced);
    expect(virtualSeconds).toBeGreaterThanOrEqual(900);
    expect(virtualSeconds).toBeLessThan(901);
  });

  it('who never answers a hold lets it go after fourteen days, as it stands', async () => {
    const { end, calls, virtualSeconds } = await walk({
      machine,
      steps: { ValidateService: thrown('Boom') },
      answers: { HoldForOperator: 'silence' },
    });
    expect(end).toBe('NeedsOperator');
    expect(virtualSeconds).toBeGreaterThanOrEqual(14 * 86_400);
    expect(calls.find(({ state }) => state === 'CloseHeld')?.payload).toMatchObject({
      status: 'NEEDS_OPERATOR',
      error: { Error: 'States.Timeout' },
    });
  });

  it('who resumes twice is asked twice', async () => {
    const resume = { output: { decision: 'resume', by: 'tester' } };
    const { end, calls } = await walk({
      machine,
      steps: { ValidateService: (call: number) => (call <= 2 ? thrown('Boom') : { done: true, waitSeconds: 0 }) },
      answers: { HoldForOperator: [resume, resume] },
    });
    expect(end).toBe('SUCCEEDED');
    expect(calls.filter(({ state }) => state === 'HoldForOperator')).toHaveLength(2);
  });
});

describe('every step', () => {
  it.each(MACHINE_NAMES)('of the %s is given the operation, and the opening one the execution', async (machine) => {
    const { calls } = await walk({ machine });
    expect(calls[0]?.payload).toEqual({
      kind: machine,
      request: { any: 'input' },
      executionName: 'by-hand-1',
      executionArn: 'arn:of:the:execution',
    });
    for (const { payload } of calls.slice(1)) expect(payload['operation']).toMatchObject({ operationId: 'by-hand-1' });
  });
});
