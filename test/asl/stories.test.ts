import { describe, expect, it } from 'vitest';
import { MACHINE_NAMES } from '../_helpers/asl.ts';
import { thrown, walk } from '../_helpers/walk-machine.ts';

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
const STRANGE_ANSWERS: readonly (readonly [string, unknown])[] = [
  ['an empty object', {}],
  ['a bare word', 'approve'],
  ['nothing', null],
  ['a number', 1],
  ['another word', { decision: 'yes' }],
  ['a word in capitals', { decision: 'APPROVE' }],
];

describe.each(MACHINE_NAMES)('a person who answers the %s with', (machine) => {
  it.each([...STRANGE_ANSWERS, ['a "no" sent as a success', { decision: 'decline' }]])(
    '%s has not approved it: it ends with nothing changed',
    async (_, output) => {
      const { end, calls } = await walk({
        machine,
        operation: { approval: 'required' },
        answers: { RequestApproval: { output } },
      });
      expect(end).toBe('OperationAborted');
      expect(calls.map(({ state }) => state).slice(-3)).toEqual([
        'RequestApproval',
        'AbortUnapproved',
        'NotifyAborted',
      ]);
      expect(calls.at(-2)?.payload).toMatchObject({ status: 'ABORTED', error: { Error: 'ApprovalDeclinedError' } });
    },
  );

  it.each(STRANGE_ANSWERS)('%s has not settled a hold: it is asked again', async (_, output) => {
    const { end, calls } = await walk({
      machine,
      steps: { ValidateService: thrown('Boom') },
      answers: { HoldForOperator: [{ output }, { output: { decision: 'abort', by: 'tester' } }] },
    });
    expect(end).toBe('NeedsOperator');
    const asked = calls.filter(({ state }) => state === 'HoldForOperator');
    expect(new Set(asked.map(({ payload }) => payload['taskToken'])).size).toBe(2);
    expect(asked[1]?.payload['error']).toMatchObject({ Error: 'Boom' });
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
    expect(resumed.slice(0, 7)).toEqual([
      'SettleRecords',
      'AwaitSettledRecords',
      'AreRecordsSettled',
      'OpenSwitch',
      'CheckSwitch',
      'IsSwitchOpen',
      'ClimbLadder',
    ]);
  });
});
