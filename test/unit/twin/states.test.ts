import { describe, expect, it } from 'vitest';
import type { AwsCall } from '../../../twin/aws/aws-world.ts';
import { createStepFunctionsTwin, type StepFunctionsTwin } from '../../../twin/aws/states.ts';
import type { CrashPoint } from '../../../twin/step-functions/crash-point.ts';
import type { Sandbox } from '../../../twin/step-functions/sandbox.ts';
import { namedError } from '../../../twin/step-functions/task-tokens.ts';
import type { TwinClock } from '../../../twin/virtual-clock.ts';
import { inVirtualTime } from '../../_helpers/in-virtual-time.ts';

const MACHINE = 'arn:aws:states:ap-northeast-1:1:stateMachine:switchyard-storefront-failover';
const EXECUTION = 'arn:aws:states:ap-northeast-1:1:execution:switchyard-storefront-failover:one';
const DAY_MS = 86_400_000;

/** What every step of the good way gives, all in one. */
const GOOD = {
  ...{ entry: 'start', approval: 'none', approvalTimeoutSeconds: 900, shiftAfterPromotion: false },
  ...{ done: true, waitSeconds: 0, passed: true, reasons: [], changeId: null, mode: 'failover', status: 'skipped' },
};

interface Stage {
  readonly twin: StepFunctionsTwin;
  readonly steps: readonly { readonly step: string; readonly sandbox: Sandbox }[];
  readonly ends: readonly string[];
  call(operation: string, input?: object): Promise<unknown>;
}

/** A machine whose steps succeed at once, but for those that the test gives something else to do. */
function stage(clock: TwinClock, given: Readonly<Record<string, (sandbox: Sandbox) => unknown>> = {}): Stage {
  const steps: { step: string; sandbox: Sandbox }[] = [];
  const ends: string[] = [];
  const twin = createStepFunctionsTwin({
    now: clock.nowEpochMs,
    readObject: () => undefined,
    transition: () => clock.sleep(10),
    onStateEntered: () => undefined,
    onTaskDone: () => undefined,
    onEnded: ({ status }) => ends.push(status),
    invoke: async (_, step, __, sandbox) => {
      steps.push({ step, sandbox });
      await clock.sleep(10);
      return { ...GOOD, ...((await given[step]?.(sandbox)) as object | undefined) };
    },
  });
  return {
    twin,
    steps,
    ends,
    call: async (operation, input = { executionArn: EXECUTION }) =>
      twin.handlers[operation]?.(input as never, { region: 'ap-northeast-1' } as AwsCall),
  };
}

const start = ({ call }: Stage) => call('StartExecution', { stateMachineArn: MACHINE, name: 'one', input: '{}' });
const statesOf = ({ twin }: Stage): readonly string[] => twin.executions()[0]?.states.map(({ state }) => state) ?? [];
const killAt = (point: Omit<CrashPoint, 'machine'>): CrashPoint => ({ machine: 'failover', ...point });

describe('a redrive', () => {
  it('begins at the state in which the execution was stopped, and ends as it would have', () =>
    inVirtualTime(async (clock) => {
      const at = stage(clock);
      at.twin.setCrash(killAt({ state: 'FenceSource', point: 'before' }), true);
      await start(at);
      await clock.sleep(5_000);
      expect(at.twin.executions()[0]).toMatchObject({ status: 'ABORTED', redriveCount: 0 });
      const before = statesOf(at).length;
      await at.call('RedriveExecution');
      await clock.sleep(5_000);
      expect(statesOf(at).slice(before)[0]).toBe('FenceSource');
      expect(at.twin.executions()[0]).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
      expect(at.steps.filter(({ step }) => step === 'open-operation')).toHaveLength(1);
      expect(at.ends).toEqual(['ABORTED', 'SUCCEEDED']);
    }));

  it('from a Fail state ends there again', () =>
    inVirtualTime(async (clock) => {
      const at = stage(clock, {
        'open-operation': () => Promise.reject(namedError('OperationRefusedError', 'held')),
      });
      await start(at);
      await clock.sleep(1_000);
      await at.call('RedriveExecution');
      await clock.sleep(1_000);
      expect(statesOf(at)).toEqual(['OpenOperation', 'RefuseOperation', 'RefuseOperation']);
      expect(at.twin.executions()[0]).toMatchObject({ status: 'FAILED', error: 'OperationRefusedError' });
    }));

  it('is refused while the execution runs, and after it has succeeded', () =>
    inVirtualTime(async (clock) => {
      const at = stage(clock);
      await start(at);
      await expect(at.call('RedriveExecution')).rejects.toMatchObject({
        name: 'ExecutionNotRedrivable',
        message: 'Execution is RUNNING and cannot be redriven',
      });
      await clock.sleep(10_000);
      await expect(at.call('RedriveExecution')).rejects.toMatchObject({
        message: 'Execution is SUCCEEDED and cannot be redriven',
      });
    }));

  it.each([
    { days: 14, refused: false },
    { days: 14.001, refused: true },
  ])('$days days after the end is refused: $refused', ({ days, refused }) =>
    inVirtualTime(async (clock) => {
      const at = stage(clock);
      at.twin.setCrash(killAt({ state: 'FenceSource', point: 'before' }), true);
      await start(at);
      await clock.sleep(1_000);
      const endedAtMs = at.twin.executions()[0]?.endedAtMs ?? Number.NaN;
      await clock.sleep(endedAtMs + days * DAY_MS - clock.nowEpochMs());
      const redriven = at.call('RedriveExecution');
      if (refused) await expect(redriven).rejects.toMatchObject({ name: 'ExecutionNotRedrivable' });
      else await expect(redriven).resolves.toMatchObject({ redriveDate: expect.any(Date) });
    }),
  );
});

describe('an execution that is killed', () => {
  it('after a task has done all it had to, does it again when it is redriven', () =>
    inVirtualTime(async (clock) => {
      const at = stage(clock);
      at.twin.setCrash(killAt({ state: 'FenceSource', point: 'after' }), true);
      await start(at);
      await clock.sleep(5_000);
      expect(statesOf(at).at(-1)).toBe('FenceSource');
      await at.call('RedriveExecution');
      await clock.sleep(5_000);
      expect(at.steps.filter(({ step }) => step === 'fence-source')).toHaveLength(2);
      expect(at.twin.executions()[0]?.status).toBe('SUCCEEDED');
    }));

  it('in the middle of a task leaves a sandbox that is dead, and begins in another', () =>
    inVirtualTime(async (clock) => {
      const at = stage(clock, {
        'fence-source': async (sandbox) => {
          sandbox.tookEffect({ operation: 'GetItem' });
          sandbox.tookEffect({ operation: 'UpdateItem' });
          sandbox.tookEffect({ operation: 'UpdateItem' });
        },
      });
      at.twin.setCrash(killAt({ state: 'FenceSource', point: 'call', call: 2 }), true);
      await start(at);
      await clock.sleep(5_000);
      await at.call('RedriveExecution');
      await clock.sleep(5_000);
      const [first, second] = at.steps.filter(({ step }) => step === 'fence-source').map(({ sandbox }) => sandbox);
      expect([first?.isDead(), second?.isDead()]).toEqual([true, false]);
      expect(at.twin.executions()[0]?.status).toBe('SUCCEEDED');
    }));

  it('while it waits for a person, expires the token', () =>
    inVirtualTime(async (clock) => {
      const at = stage(clock, {
        'open-operation': () => ({ approval: 'required' }),
      });
      await start(at);
      await clock.sleep(5_000);
      expect(statesOf(at).at(-1)).toBe('RequestApproval');
      await at.call('StopExecution');
      const answer = { taskToken: 'token-1', output: '{"decision":"approve"}' };
      await expect(at.call('SendTaskSuccess', answer)).rejects.toMatchObject({ name: 'TaskTimedOut' });
      await clock.sleep(1_000);
      expect(at.twin.executions()[0]?.status).toBe('ABORTED');
    }));
});
