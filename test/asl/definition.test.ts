import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ERROR_NAMES } from '../../core/operation/errors.ts';
import { STEP_LIMITS, STEPS } from '../../state-machines/contracts.ts';
import { DEFINITIONS, type MachineDefinition, tasksOf } from '../../twin/step-functions/definition.ts';
import { allStates, delaysOf, edgesOf, MACHINE_NAMES, type State, statesOf } from '../_helpers/asl.ts';

type Validate = (definition: unknown) => { readonly isValid: boolean; readonly errorsText: (joint: string) => string };
const validate: Validate = createRequire(import.meta.url)('asl-validator');

/**
 * Errors of a Lambda invocation that AWS says to retry (step-functions/latest/dg/bp-lambda-serviceexception.html), a
 * function or a Task that took too long, and what our own adapters take for passing. Steps may run twice.
 */
const PASSING_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'States.Timeout',
  'TransientPlatformError',
];
/** Names that Step Functions and Lambda use for errors of their own. */
const RESERVED = /^(States|Lambda|Sandbox)\.[A-Z]\w+$/;
const FOURTEEN_DAYS = 14 * 86_400;

const TASKS = allStates('Task');

describe.each(MACHINE_NAMES)('the machine %s', (machine) => {
  it('passes the validator', () => {
    // It fills in fields as it goes, so it gets a copy.
    const { isValid, errorsText } = validate(structuredClone(DEFINITIONS[machine]));
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });

  it("passes the twin's own guard, which finds every task", () => {
    const tasks = tasksOf(DEFINITIONS[machine]);
    const states = statesOf(machine).filter(([, { Type }]) => Type === 'Task');
    expect(tasks.map(({ state }) => state)).toEqual(states.map(([name]) => name));
  });

  it('reaches every state', () => {
    const edges = statesOf(machine).flatMap(([name, state]) => edgesOf(name, state));
    const reached = new Set([DEFINITIONS[machine].StartAt]);
    for (const state of reached) for (const { to } of edges.filter(({ from }) => from === state)) reached.add(to);
    expect([...reached].toSorted()).toEqual(
      statesOf(machine)
        .map(([name]) => name)
        .toSorted(),
    );
  });

  it('can end from every state, and ends in Succeed or Fail alone', () => {
    const states = statesOf(machine);
    const edges = states.flatMap(([name, state]) => edgesOf(name, state));
    const ends = states.filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail').map(([name]) => name);
    expect(states.filter(([name]) => !edges.some(({ from }) => from === name)).map(([name]) => name)).toEqual(ends);
    const ending = new Set(ends);
    for (const state of ending) for (const { from } of edges.filter(({ to }) => to === state)) ending.add(from);
    expect(states.filter(([name]) => !ending.has(name))).toEqual([]);
  });

  it('keeps to one line of states: no Map and no Parallel', () => {
    const known = ['Task', 'Choice', 'Wait', 'Pass', 'Succeed', 'Fail'];
    expect(statesOf(machine).filter(([, { Type }]) => !known.includes(Type))).toEqual([]);
  });

  it('says of every state what it is for', () => {
    expect(statesOf(machine).filter(([, { Comment }]) => (Comment ?? '') === '')).toEqual([]);
  });
});

describe('the two machines', () => {
  it('call every step between them', () => {
    const called = new Set(MACHINE_NAMES.flatMap((machine) => tasksOf(DEFINITIONS[machine]).map(({ step }) => step)));
    expect(STEPS.filter((step) => !called.has(step))).toEqual([]);
  });

  it.each([
    ['HeartbeatSeconds', { HeartbeatSeconds: 5 }],
    ['ResultPath "$"', { ResultPath: '$' }],
    ["no step's function", { Parameters: { FunctionName: 'arn:of:something' } }],
    ['arn:aws:states:::sns:publish', { Resource: 'arn:aws:states:::sns:publish' }],
    ['TimeoutSecondsPath $.limit', { TimeoutSecondsPath: '$.limit' }],
  ])('would be refused by the twin with %s', (what, change) => {
    const [[name, task] = ['', {}]] = Object.entries(DEFINITIONS.failover.States);
    const definition = { StartAt: name, States: { [name]: { ...task, ...change } } } as unknown as MachineDefinition;
    expect(() => tasksOf(definition)).toThrow(what);
  });
});

describe.each(TASKS)('%s: the task %s', (machine, name, task) => {
  const { step, waitsForToken } = tasksOf(DEFINITIONS[machine]).find(({ state }) => state === name) ?? {};

  it('has a time limit: that of its step, or that of the person who is asked', () => {
    // The same two functions put the answer on record, in a state of its own.
    const asks = (step === 'request-approval' || step === 'hold-operation') && !/^Record/.test(name);
    if (asks && step === 'request-approval') expect(task.TimeoutSecondsPath).toBe('$.operation.approvalTimeoutSeconds');
    else if (asks) expect(task.TimeoutSeconds).toBe(FOURTEEN_DAYS);
    else expect(task.TimeoutSeconds).toBe(step === undefined ? undefined : STEP_LIMITS[step].timeoutSeconds);
    expect(waitsForToken).toBe(asks);
  });

  it('tries again what may pass, and states the arithmetic that its numbers give', () => {
    const passing = task.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('TransientPlatformError'));
    // A task that waits for a person takes its timeout for an answer.
    const passes = PASSING_ERRORS.filter((error) => !waitsForToken || error !== 'States.Timeout');
    expect(passing?.ErrorEquals).toEqual(passes);
    for (const retrier of task.Retry ?? []) expect(task.Comment).toContain(arithmetic(retrier));
  });

  it('catches by name first and everything else last', () => {
    const caught = (task.Catch ?? []).map(({ ErrorEquals }) => ErrorEquals);
    expect(caught.at(-1)).toEqual(['States.ALL']);
    expect(caught.slice(0, -1).flat()).not.toContain('States.ALL');
    expect(new Set(caught.flat()).size).toBe(caught.flat().length);
  });

  it('knows only names that a step throws or that AWS reserves', () => {
    const names = [...(task.Catch ?? []), ...(task.Retry ?? [])].flatMap(({ ErrorEquals }) => ErrorEquals);
    const unknown = names.filter(
      (error) => !(ERROR_NAMES as readonly string[]).includes(error) && !RESERVED.test(error),
    );
    expect(unknown).toEqual([]);
  });

  it('loses the operation without touching anything more, where it can lose it', () => {
    const lost = task.Catch?.find(({ ErrorEquals }) => ErrorEquals.includes('OperationLostError'));
    const cannotLose = step === 'open-operation' || step === 'send-notification';
    expect(lost?.Next).toBe(cannotLose ? undefined : 'LoseOperation');
  });

  it('never fails an operation by a notification', () => {
    if (step !== 'send-notification') return;
    expect(task.Catch).toHaveLength(1);
    expect(task.Catch?.[0]?.Next).toBe(task.Next);
    expect(task.ResultPath).toBeNull();
  });
});

describe('states that are no tasks', () => {
  it('catch nothing and try nothing again', () => {
    const others = allStates().filter(([, , { Type }]) => Type !== 'Task');
    expect(others.filter(([, , state]) => state.Catch !== undefined || state.Retry !== undefined)).toEqual([]);
  });

  it('wait as long as a step has said, never for a time of their own', () => {
    for (const [, , { SecondsPath }] of allStates('Wait'))
      expect(SecondsPath).toMatch(/^\$\.\w+(\.step)?\.waitSeconds$/);
  });

  it('fail with an error and a cause', () => {
    const fails = allStates('Fail') as readonly (readonly [
      string,
      string,
      State & { Error?: string; Cause?: string },
    ])[];
    for (const [, , { Error: error, ErrorPath, Cause, CausePath }] of fails) {
      expect([error ?? ErrorPath, Cause ?? CausePath]).toEqual([expect.any(String), expect.any(String)]);
    }
  });
});

/** In the words of the Comments: "after 1, 2 and 4 s at most (7 s in all)", or "every 5 s, 12 times (60 s in all)". */
function arithmetic(retrier: Parameters<typeof delaysOf>[0]): string {
  const delays = delaysOf(retrier);
  const list = `${delays.slice(0, -1).join(', ')} and ${delays.at(-1)} s`;
  const total = delays.reduce((sum, delay) => sum + delay, 0);
  if (retrier.BackoffRate === 1) return `every ${delays[0]} s, ${delays.length} times (${total} s in all)`;
  const times = retrier.ErrorEquals.includes('TransientPlatformError')
    ? `Retried ${retrier.MaxAttempts} times after`
    : `tried ${retrier.MaxAttempts} times more after`;
  return `${times} ${list}${retrier.JitterStrategy === 'FULL' ? ' at most' : ''} (${total} s in all)`;
}
