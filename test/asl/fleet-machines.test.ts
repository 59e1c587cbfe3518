import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ERROR_NAMES } from '../../core/operation/errors.ts';
import {
  FLEET_MACHINES,
  FLEET_STEP_LIMITS,
  FLEET_STEPS,
  type FleetMachine,
  type FleetStep,
} from '../../state-machines/contracts.ts';
import { DEFINITIONS, type MachineDefinition, tasksOf } from '../../twin/step-functions/definition.ts';
import { type DistributedMap, isMap } from '../../twin/step-functions/distributed-map.ts';
import type { ItemReader } from '../../twin/step-functions/item-reader.ts';
import { runMachine } from '../../twin/step-functions/run-machine.ts';
import { createTaskTokens } from '../../twin/step-functions/task-tokens.ts';
import { type Catcher, delaysOf, type Retrier } from '../_helpers/asl.ts';
import { inVirtualTime } from '../_helpers/in-virtual-time.ts';
import { type StubbedStep, thrown } from '../_helpers/walk-machine.ts';

type Validate = (definition: unknown) => { readonly isValid: boolean; readonly errorsText: (joint: string) => string };
const validate: Validate = createRequire(import.meta.url)('asl-validator');

interface Walked {
  readonly states: readonly string[];
  readonly end: string;
  readonly calls: readonly { readonly step: FleetStep; readonly payload: Readonly<Record<string, unknown>> }[];
}

const MEMBERS = ['storefront', 'search', 'checkout'];
const OPERATION = { operationId: 'fleet-1', epoch: 1, source: 'here', target: 'there' };
const GOOD: Readonly<Record<FleetStep, unknown>> = {
  'open-fleet': { operation: OPERATION, members: MEMBERS },
  'start-member': undefined,
  'check-member': { done: true, waitSeconds: 0, ok: true, reason: '' },
  'judge-fleet': { flip: true, reason: '' },
  'flip-fleet': undefined,
  'take-over-switch': undefined,
  'release-fleet': undefined,
  'close-fleet': { status: 'SUCCEEDED', reason: '' },
};
/** What a step is stubbed with: for every call, its number and its payload. */
type Stubs = Partial<Record<FleetStep, StubbedStep>>;

function walk(machine: FleetMachine, stubs: Stubs = {}): Promise<Walked> {
  return inVirtualTime(async (clock) => {
    const states: string[] = [];
    const calls: { step: FleetStep; payload: Readonly<Record<string, unknown>> }[] = [];
    const run = runMachine<FleetStep>({
      machine,
      input: { any: 'input' },
      execution: { Id: 'arn:of:the:execution', Name: 'fleet-1' },
      tokens: createTaskTokens(),
      transition: () => clock.sleep(1),
      onStateEntered: (state) => states.push(state),
      invoke: async (step, given) => {
        const payload = given as Readonly<Record<string, unknown>>;
        calls.push({ step, payload });
        const stub = step in stubs ? stubs[step] : GOOD[step];
        const called = calls.filter((call) => call.step === step).length;
        const output = typeof stub === 'function' ? stub(called, payload) : stub;
        if (output instanceof Error) throw output;
        return output;
      },
    });
    const end = await run.result.then(
      () => 'SUCCEEDED',
      (error: Error) => (error.cause instanceof Error ? error.cause.name : error.name),
    );
    await clock.sleep(1);
    return { states, end, calls };
  });
}

/** The definition and those of its Maps' children, each with where it stands. */
function machinesIn(machine: FleetMachine): readonly (readonly [string, MachineDefinition])[] {
  const definition = DEFINITIONS[machine];
  const maps = Object.entries(definition.States).flatMap(([name, state]) =>
    isMap(state) ? [[`${machine}/${name}`, state.ItemProcessor] as const] : [],
  );
  return [[machine, definition], ...maps];
}

const ALL = FLEET_MACHINES.flatMap(machinesIn);
const TASKS = ALL.flatMap(([where, { States }]) =>
  Object.entries(States).flatMap(([name, state]) => (state.Type === 'Task' ? [{ where, name, state }] : [])),
);

describe.each(FLEET_MACHINES)('the machine %s', (machine) => {
  it('passes the validator', () => {
    const { isValid, errorsText } = validate(structuredClone(DEFINITIONS[machine]));
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });

  it("passes the twin's own guard", () => {
    expect(tasksOf<FleetStep>(DEFINITIONS[machine]).length).toBeGreaterThan(3);
  });

  it('has nothing but distributed Maps that catch the threshold by name, and tolerate no failure unsaid', () => {
    const maps = Object.values(DEFINITIONS[machine].States).filter(isMap);
    expect(maps.length).toBeGreaterThan(0);
    for (const map of maps as unknown as readonly (DistributedMap & { readonly Catch: readonly Catcher[] })[]) {
      expect(map.ToleratedFailureCount).toBe(0);
      expect(map.Catch.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
        ['States.ExceedToleratedFailureThreshold'],
        ['States.ALL'],
      ]);
    }
  });
});

describe('the machines of a fleet', () => {
  it('call every step between them', () => {
    const called = new Set(
      FLEET_MACHINES.flatMap((machine) => tasksOf<FleetStep>(DEFINITIONS[machine]).map(({ step }) => step)),
    );
    expect([...called].toSorted()).toEqual([...FLEET_STEPS].toSorted());
  });

  it.each(ALL)('%s says of every state what it is for, and reaches it', (_, { StartAt, States }) => {
    for (const state of Object.values(States)) expect(String(state['Comment'] ?? '').length).toBeGreaterThan(10);
    const reached = new Set([StartAt]);
    for (const name of reached) {
      const {
        Next,
        Default,
        Choices = [],
        Catch = [],
      } = States[name] as unknown as {
        Next?: string;
        Default?: string;
        Choices?: readonly { Next: string }[];
        Catch?: readonly Catcher[];
      };
      for (const to of [Next, Default, ...Choices.map((rule) => rule.Next), ...Catch.map((each) => each.Next)])
        if (to !== undefined) reached.add(to);
    }
    expect([...reached].toSorted()).toEqual(Object.keys(States).toSorted());
  });

  it.each(TASKS)(
    '$where: the task $name has the limit of its step, tries again and catches everything last',
    ({ name, state }) => {
      const task = state as unknown as {
        TimeoutSeconds: number;
        Retry: readonly Retrier[];
        Catch: readonly Catcher[];
        Comment: string;
      };
      const step = ALL.flatMap(([, definition]) => tasksOf<FleetStep>(definition)).find(
        (each) => each.state === name,
      )?.step;
      expect(task.TimeoutSeconds).toBe(step === undefined ? undefined : FLEET_STEP_LIMITS[step].timeoutSeconds);
      expect(task.Catch.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
      for (const retrier of task.Retry) {
        const delays = delaysOf(retrier);
        const sum = delays.reduce((total, delay) => total + delay, 0);
        expect(task.Comment).toContain(`${delays.slice(0, -1).join(', ')} and ${delays.at(-1)} s`);
        expect(task.Comment).toContain(`(${sum} s in all)`);
      }
      const named = [...task.Catch, ...task.Retry].flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(
        named.filter(
          (error) => !/^(States|Lambda|Sandbox)\./.test(error) && !ERROR_NAMES.some((known) => known === error),
        ),
      ).toEqual([]);
    },
  );
});

const OPEN = 'OpenFleet';
const FENCED = `${OPEN} FenceMembers JudgeFences IsEverybodyFenced`;
const MOVED = `${FENCED} FlipSwitch FollowMembers CloseFleet HaveAllSucceeded`;
const CLOSED = 'FollowMembers CloseFleet HaveAllSucceeded';

describe('fleet-evacuation', () => {
  it('fences every member, then sets the one switch, then follows every member', async () => {
    const { states, end, calls } = await walk('fleet-evacuation');
    expect(`${states.join(' ')} | ${end}`).toBe(`${MOVED} Succeed | SUCCEEDED`);
    expect(calls.filter(({ step }) => step === 'start-member').map(({ payload }) => payload['application'])).toEqual(
      MEMBERS,
    );
    expect(calls.filter(({ step }) => step === 'flip-fleet')).toHaveLength(1);
    const judged = calls.find(({ step }) => step === 'judge-fleet')?.payload['findings'];
    expect(judged).toEqual(MEMBERS.map((application) => ({ application, ok: true, reason: '' })));
    const lastLook = calls.findLastIndex(
      ({ step, payload }) => step === 'check-member' && payload['awaited'] === 'fence',
    );
    expect(lastLook).toBeLessThan(calls.findIndex(({ step }) => step === 'flip-fleet'));
  });

  it('looks again until a member is fenced', async () => {
    const check = (call: number) =>
      call <= 4 ? { done: false, waitSeconds: 3, ok: false, reason: '' } : GOOD['check-member'];
    const { end, calls } = await walk('fleet-evacuation', { 'check-member': check });
    expect(end).toBe('SUCCEEDED');
    expect(
      new Set(calls.filter(({ payload }) => payload['awaited'] === 'fence').map(({ payload }) => payload['since']))
        .size,
    ).toBeLessThanOrEqual(3);
  });

  it('tells of a member that cannot even be started, and asks the others all the same', async () => {
    const start = (_: number, payload: Readonly<Record<string, unknown>>) =>
      payload['application'] === 'search' ? thrown('Boom') : undefined;
    const { calls } = await walk('fleet-evacuation', { 'start-member': start });
    expect(calls.find(({ step }) => step === 'judge-fleet')?.payload['findings']).toEqual([
      { application: 'storefront', ok: true, reason: '' },
      { application: 'search', ok: false, reason: 'Boom' },
      { application: 'checkout', ok: true, reason: '' },
    ]);
  });

  it('never sets the switch where the judgement is against it', async () => {
    const closed = { status: 'NEEDS_OPERATOR', reason: 'not fenced: search' };
    const { states, end, calls } = await walk('fleet-evacuation', {
      'judge-fleet': { flip: false, reason: 'not fenced: search' },
      'close-fleet': closed,
    });
    expect(`${states.join(' ')} | ${end}`).toBe(`${FENCED} ${CLOSED} NeedOperator | NeedsOperator`);
    expect(calls.some(({ step }) => step === 'flip-fleet')).toBe(false);
  });

  it.each([
    { step: 'open-fleet', error: 'InvalidInputError', path: `${OPEN} RefuseInput | InvalidInputError` },
    { step: 'open-fleet', error: 'OperationRefusedError', path: `${OPEN} RefuseOperation | OperationRefusedError` },
    { step: 'open-fleet', error: 'Boom', path: `${OPEN} FailToOpen | Boom` },
    {
      step: 'judge-fleet',
      error: 'OperationLostError',
      path: `${OPEN} FenceMembers JudgeFences LoseOperation | OperationLostError`,
    },
    {
      step: 'judge-fleet',
      error: 'Boom',
      path: `${OPEN} FenceMembers JudgeFences LeaveAlone ${CLOSED} Succeed | SUCCEEDED`,
    },
    {
      step: 'flip-fleet',
      error: 'OperationLostError',
      path: `${FENCED} FlipSwitch LoseOperation | OperationLostError`,
    },
    {
      step: 'flip-fleet',
      error: 'SwitchFailedError',
      path: `${FENCED} FlipSwitch LeaveAlone ${CLOSED} Succeed | SUCCEEDED`,
    },
    {
      step: 'close-fleet',
      error: 'OperationLostError',
      path: `${FENCED} FlipSwitch FollowMembers CloseFleet LoseOperation | OperationLostError`,
    },
    {
      step: 'close-fleet',
      error: 'Boom',
      path: `${FENCED} FlipSwitch FollowMembers CloseFleet NeedOperator | NeedsOperator`,
    },
  ] as const)('$step: $error leads to $path', async ({ step, error, path }) => {
    const { states, end } = await walk('fleet-evacuation', { [step]: thrown(error) });
    expect(`${states.join(' ')} | ${end}`).toBe(path);
  });

  it.each(['Boom', 'TransientPlatformError'])(
    'a member whose end cannot be asked for is told of: %s',
    async (error) => {
      const check = (_: number, payload: Readonly<Record<string, unknown>>) =>
        payload['awaited'] === 'end' && payload['application'] === 'search' ? thrown(error) : GOOD['check-member'];
      const { calls } = await walk('fleet-evacuation', { 'check-member': check });
      expect(calls.find(({ step }) => step === 'close-fleet')?.payload['findings']).toContainEqual({
        application: 'search',
        ok: false,
        reason: error,
      });
    },
  );

  it('loses nobody else where the fleet was taken over before anything could be said', async () => {
    const judge = (call: number) => thrown(call === 1 ? 'Boom' : 'OperationLostError');
    const { states } = await walk('fleet-evacuation', { 'judge-fleet': judge });
    expect(states.slice(-2)).toEqual(['LeaveAlone', 'LoseOperation']);
  });

  it.each([
    {
      at: 'FenceMembers',
      members: 'no list',
      path: `${OPEN} FenceMembers LeaveAlone FollowMembers CloseUnknown NeedOperator | NeedsOperator`,
    },
  ])('a Map Run that cannot run moves nobody: $at', async ({ members, path }) => {
    const { states, end } = await walk('fleet-evacuation', { 'open-fleet': { operation: OPERATION, members } });
    expect(`${states.join(' ')} | ${end}`).toBe(path);
  });
});

describe('fleet-release', () => {
  it("sets every member's switch before the fleet's is taken away", async () => {
    const { states, end, calls } = await walk('fleet-release');
    expect(`${states.join(' ')} | ${end}`).toBe(`${OPEN} TakeOverSwitches RemoveSwitch CloseFleet Succeed | SUCCEEDED`);
    expect(calls.map(({ step }) => step)).toEqual([
      'open-fleet',
      ...MEMBERS.map(() => 'take-over-switch'),
      'release-fleet',
      'close-fleet',
    ]);
  });

  it("keeps the fleet's switch where one member's cannot be set", async () => {
    const take = (_: number, payload: Readonly<Record<string, unknown>>) =>
      payload['application'] === 'search' ? thrown('OperationRefusedError') : undefined;
    const { states, end, calls } = await walk('fleet-release', { 'take-over-switch': take });
    expect(`${states.join(' ')} | ${end}`).toBe(
      `${OPEN} TakeOverSwitches CloseUnreleased NeedOperator | NeedsOperator`,
    );
    expect(calls.some(({ step }) => step === 'release-fleet')).toBe(false);
    expect(JSON.stringify(calls.at(-1)?.payload['error'])).toContain('States.ExceedToleratedFailureThreshold');
  });

  it.each([
    { step: 'release-fleet', error: 'Boom', path: 'RemoveSwitch CloseUnreleased NeedOperator | NeedsOperator' },
    { step: 'release-fleet', error: 'OperationLostError', path: 'RemoveSwitch LoseOperation | OperationLostError' },
    { step: 'close-fleet', error: 'Boom', path: 'RemoveSwitch CloseFleet NeedOperator | NeedsOperator' },
    {
      step: 'close-fleet',
      error: 'OperationLostError',
      path: 'RemoveSwitch CloseFleet LoseOperation | OperationLostError',
    },
  ] as const)('$step: $error leads to $path', async ({ step, error, path }) => {
    const { states, end } = await walk('fleet-release', { [step]: thrown(error) });
    expect(`${states.slice(2).join(' ')} | ${end}`).toBe(path);
  });
});

/** An ItemReader that the twin would run, but for a change. */
const reader = (change: object): ItemReader => ({
  Resource: 'arn:aws:states:::s3:getObject',
  ReaderConfig: { InputType: 'JSON' },
  Parameters: { 'Bucket.$': '$.bucket', 'Key.$': '$.key' },
  ...change,
});

describe('a distributed Map in the twin', () => {
  const fenceMembers = DEFINITIONS['fleet-evacuation'].States['FenceMembers'] as DistributedMap;
  const with1 = (change: object): MachineDefinition => ({
    StartAt: 'Map',
    States: { Map: { ...fenceMembers, ...change } as DistributedMap },
  });

  it.each([
    ['not one of ItemsPath and ItemReader', { ItemReader: reader({}) }],
    ['reads items as CSV', { ItemsPath: undefined, ItemReader: reader({ ReaderConfig: { InputType: 'CSV' } }) }],
    [
      'reads its items by',
      { ItemsPath: undefined, ItemReader: reader({ Resource: 'arn:aws:states:::s3:listObjectsV2' }) },
    ],
    ['without Key.$', { ItemsPath: undefined, ItemReader: reader({ Parameters: { 'Bucket.$': '$.bucket' } }) }],
    ['not one of MaxConcurrency', { MaxConcurrencyPath: '$.concurrency' }],
    ['ItemBatcher', { ItemBatcher: {} }],
    ['ResultWriter', { ResultWriter: {} }],
    [
      'mode INLINE',
      {
        ItemProcessor: {
          ...fenceMembers.ItemProcessor,
          ProcessorConfig: { Mode: 'INLINE', ExecutionType: 'STANDARD' },
        },
      },
    ],
    [
      'EXPRESS',
      {
        ItemProcessor: {
          ...fenceMembers.ItemProcessor,
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
        },
      },
    ],
    ['ItemsPath', { ItemsPath: '$.members[*]' }],
    ['selects', { ItemSelector: { 'id.$': '$$.Execution.Id' } }],
  ])('would be refused with %s', (what, change) => {
    expect(() => tasksOf(with1(change))).toThrow(what);
  });
});
