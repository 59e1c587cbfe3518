import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ERROR_NAMES } from '../../core/operation/errors.ts';
import { RECONCILE_ERROR_NAMES } from '../../core/reconcile/errors.ts';
import {
  RECONCILE_STEP_LIMITS,
  RECONCILE_STEPS,
  type ReconcileStep,
} from '../../state-machines/contracts-reconcile.ts';
import { DEFINITIONS, type MachineDefinition, tasksOf } from '../../twin/step-functions/definition.ts';
import { isMap } from '../../twin/step-functions/distributed-map.ts';
import { runMachine } from '../../twin/step-functions/run-machine.ts';
import { createTaskTokens } from '../../twin/step-functions/task-tokens.ts';
import { type Catcher, delaysOf, edgesOf, type Retrier, type State } from '../_helpers/asl.ts';
import { inVirtualTime } from '../_helpers/in-virtual-time.ts';
import { type StubbedStep, thrown } from '../_helpers/walk-machine.ts';

type Validate = (definition: unknown) => { readonly isValid: boolean; readonly errorsText: (joint: string) => string };
const validate: Validate = createRequire(import.meta.url)('asl-validator');

const MACHINE = DEFINITIONS.reconcile;
const PLAN = { planId: 'failback-2', bucket: 'plans', concurrency: 2, approvalTimeoutSeconds: 900 };
const DONE = { done: true, waitSeconds: 0 };
const ITEMS = [{ index: 0 }, { index: 1 }, { index: 2 }];

/** Lists: all ranges, two phases of repairs, and what was touched. */
function listed(_: number, { stage }: Readonly<Record<string, unknown>>, calls: number): unknown {
  const isOver = stage === 'apply' && calls > 2;
  return { key: isOver ? 'none' : 'list', items: isOver ? 0 : ITEMS.length };
}

const GOOD: Readonly<Record<ReconcileStep, unknown>> = {
  'open-reconciliation': { plan: PLAN },
  'list-work': listed,
  'find-differences': undefined,
  'seal-plan': { verdict: 'repair', digest: 'd1', approval: 'none' },
  'approve-plan': undefined,
  'apply-repairs': DONE,
  'verify-range': DONE,
  'close-reconciliation': { status: 'AGREED', reason: '' },
};

type Stub = StubbedStep | ((call: number, payload: Readonly<Record<string, unknown>>, ofStage: number) => unknown);
type Stubs = Partial<Record<ReconcileStep, Stub>>;

interface Walked {
  readonly way: string;
  readonly calls: readonly { readonly step: ReconcileStep; readonly payload: Readonly<Record<string, unknown>> }[];
  readonly seconds: number;
}

/** Walks the machine; `answer` is what a person sends to a waiting task, `objects` what the bucket holds. */
function walk(
  stubs: Stubs = {},
  { answer, objects = true }: { answer?: unknown; objects?: boolean } = {},
): Promise<Walked> {
  return inVirtualTime(async (clock) => {
    const states: string[] = [];
    const calls: { step: ReconcileStep; payload: Readonly<Record<string, unknown>> }[] = [];
    const tokens = createTaskTokens();
    const begun = clock.nowEpochMs();
    const run = runMachine<ReconcileStep>({
      machine: 'reconcile',
      input: { any: 'input' },
      execution: { Id: 'arn:of:the:execution', Name: 'failback-2-1' },
      tokens,
      readObject: () => (objects ? JSON.stringify(ITEMS) : undefined),
      transition: () => clock.sleep(1),
      onStateEntered: (state) => states.push(state),
      invoke: async (step, given) => {
        const payload = given as Readonly<Record<string, unknown>>;
        calls.push({ step, payload });
        if (answer !== undefined && typeof payload['taskToken'] === 'string') {
          tokens.succeed(payload['taskToken'], JSON.stringify(answer));
        }
        const stub = (step in stubs ? stubs[step] : GOOD[step]) as Stub;
        const called = calls.filter((call) => call.step === step);
        const ofStage = called.filter((call) => call.payload['stage'] === payload['stage']).length;
        const output = typeof stub === 'function' ? stub(called.length, payload, ofStage) : stub;
        if (output instanceof Error) throw output;
        return output;
      },
    });
    const end = await run.result.then(
      () => 'SUCCEEDED',
      (error: Error) => (error.cause instanceof Error ? error.cause.name : error.name),
    );
    await clock.sleep(1);
    return { way: `${states.join(' ')} | ${end}`, calls, seconds: (clock.nowEpochMs() - begun) / 1000 };
  });
}

const FOUND = 'OpenPlan ListRanges AreRangesLeft FindDifferences SealPlan WhatNext';
const APPLIED =
  'ListRepairs AreRepairsLeft ApplyRepairs ListRepairs AreRepairsLeft ApplyRepairs ListRepairs AreRepairsLeft';
const VERIFIED = 'ListTouched AreTouchedLeft VerifyRanges CloseReconciliation HaveTablesAgreed';
const APPROVING = { 'seal-plan': { verdict: 'repair', digest: 'd1', approval: 'required' } };
const FAILED = 'CloseFailed FailReconciliation | ReconciliationFailed';
const LOST = 'LoseOperation | OperationLostError';

describe('the machine that reconciles', () => {
  it('passes the validator', () => {
    const { isValid, errorsText } = validate(structuredClone(MACHINE));
    expect(errorsText('\n')).toBe('');
    expect(isValid).toBe(true);
  });

  it("passes the twin's own guard, and calls every step", () => {
    expect([...new Set(tasksOf<ReconcileStep>(MACHINE).map(({ step }) => step))].toSorted()).toEqual(
      [...RECONCILE_STEPS].toSorted(),
    );
  });

  it('has nothing but distributed Maps over lists in Amazon S3, which tolerate no failure and catch theirs by name', () => {
    const maps = Object.values(MACHINE.States).filter(isMap);
    expect(maps).toHaveLength(3);
    for (const map of maps) {
      expect(map).toMatchObject({ ToleratedFailureCount: 0, MaxConcurrencyPath: '$.plan.concurrency' });
      expect((map['Catch'] as readonly Catcher[]).map(({ ErrorEquals }) => ErrorEquals)).toEqual([
        ['States.ItemReaderFailed'],
        ['States.ExceedToleratedFailureThreshold'],
        ['States.ALL'],
      ]);
    }
  });
});

/** The definition and those of its Maps' children. */
const DEFINED: readonly (readonly [string, MachineDefinition])[] = [
  ['reconcile', MACHINE],
  ...Object.entries(MACHINE.States).flatMap(([name, state]) =>
    isMap(state) ? [[name, state.ItemProcessor] as const] : [],
  ),
];
const TASKS = DEFINED.flatMap(([where, { States }]) =>
  Object.entries(States).flatMap(([name, state]) => (state.Type === 'Task' ? [{ where, name, state }] : [])),
);

describe('every part of it', () => {
  it.each(DEFINED)('%s says of every state what it is for, and reaches it', (_, { StartAt, States }) => {
    for (const state of Object.values(States)) expect(String(state['Comment'] ?? '').length).toBeGreaterThan(10);
    const edges = Object.entries(States).flatMap(([name, state]) => edgesOf(name, state as unknown as State));
    const reached = new Set([StartAt]);
    for (const state of reached) for (const { to } of edges.filter(({ from }) => from === state)) reached.add(to);
    expect([...reached].toSorted()).toEqual(Object.keys(States).toSorted());
  });

  it.each(TASKS)(
    '$where: $name has the limit of its step, says how often it is tried again, and catches everything last',
    ({ name, state }) => {
      const { TimeoutSeconds, TimeoutSecondsPath, Retry, Catch, Comment } = state as unknown as {
        TimeoutSeconds?: number;
        TimeoutSecondsPath?: string;
        Retry: readonly Retrier[];
        Catch: readonly Catcher[];
        Comment: string;
      };
      const step = DEFINED.flatMap(([, definition]) => tasksOf<ReconcileStep>(definition)).find(
        (each) => each.state === name,
      )?.step;
      const limit = step === undefined ? undefined : RECONCILE_STEP_LIMITS[step].timeoutSeconds;
      expect(TimeoutSecondsPath ?? TimeoutSeconds).toBe(
        TimeoutSecondsPath === undefined ? limit : '$.plan.approvalTimeoutSeconds',
      );
      expect(Catch.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
      for (const retrier of Retry) {
        const delays = delaysOf(retrier);
        expect(Comment).toContain(`${delays.slice(0, -1).join(', ')} and ${delays.at(-1)} s`);
        expect(Comment).toContain(`(${delays.reduce((sum, delay) => sum + delay, 0)} s in all)`);
        expect(retrier.ErrorEquals).toContain('TransientStoreError');
      }
      const known: readonly string[] = [...ERROR_NAMES, ...RECONCILE_ERROR_NAMES];
      const named = [...Catch, ...Retry].flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(named.filter((error) => !/^(States|Lambda|Sandbox)\./.test(error) && !known.includes(error))).toEqual([]);
    },
  );
});

describe('its way', () => {
  it('finds, seals, repairs phase by phase, verifies and reports', async () => {
    const { way, calls } = await walk();
    expect(way).toBe(`${FOUND} ${APPLIED} ${VERIFIED} Succeed | SUCCEEDED`);
    const items = calls.filter(({ step }) => step === 'find-differences').map(({ payload }) => payload);
    expect(items).toEqual(ITEMS.map((item) => ({ plan: PLAN, item })));
    expect(calls.filter(({ step }) => step === 'apply-repairs')).toHaveLength(2 * ITEMS.length);
  });

  it('passes by what is done already', async () => {
    const { way } = await walk({ 'list-work': { key: 'none', items: 0 } });
    expect(way).toBe(
      `OpenPlan ListRanges AreRangesLeft SealPlan WhatNext ListRepairs AreRepairsLeft ListTouched AreTouchedLeft CloseReconciliation HaveTablesAgreed Succeed | SUCCEEDED`,
    );
  });

  it('changes nothing where the plan is blocked', async () => {
    const { way, calls } = await walk({
      'seal-plan': { verdict: 'blocked', digest: 'd1', approval: 'none' },
      'close-reconciliation': { status: 'BLOCKED', reason: 'orders: 1 left to a person' },
    });
    expect(way).toBe(`${FOUND} CloseReconciliation HaveTablesAgreed Disagree | TablesDisagree`);
    expect(calls.some(({ step }) => step === 'apply-repairs')).toBe(false);
  });

  it('verifies at once where there is nothing to write', async () => {
    const { way } = await walk({ 'seal-plan': { verdict: 'nothing', digest: 'd1', approval: 'required' } });
    expect(way).toBe(`${FOUND} ${VERIFIED} Succeed | SUCCEEDED`);
  });

  it('asks a person, and applies what was approved', async () => {
    const { way, calls } = await walk(APPROVING, { answer: { digest: 'd1', by: 'tester' } });
    expect(way).toBe(`${FOUND} RequestPlanApproval RecordApproval ${APPLIED} ${VERIFIED} Succeed | SUCCEEDED`);
    expect(calls.findLast(({ step }) => step === 'approve-plan')?.payload).toMatchObject({
      answer: { digest: 'd1', by: 'tester' },
      sealed: { digest: 'd1' },
    });
  });

  it('gives up once nobody has answered in time', async () => {
    const { way, calls, seconds } = await walk({
      ...APPROVING,
      'close-reconciliation': { status: 'UNAPPROVED', reason: '' },
    });
    expect(way).toBe(`${FOUND} RequestPlanApproval CloseUnapproved HaveTablesAgreed Disagree | TablesDisagree`);
    expect(seconds).toBeGreaterThanOrEqual(PLAN.approvalTimeoutSeconds);
    expect(calls.at(-1)?.payload).toMatchObject({ unapproved: { Error: 'States.Timeout' } });
  });

  it.each(['apply-repairs', 'verify-range'] as const)('waits where %s says so, and asks again', async (step) => {
    const { way, calls, seconds } = await walk({
      [step]: (call: number) => (call === 1 ? { done: false, waitSeconds: 60 } : DONE),
    });
    expect(way).toMatch(/Succeed \| SUCCEEDED$/);
    expect(calls.filter((call) => call.step === step)).toHaveLength(
      (step === 'apply-repairs' ? 2 : 1) * ITEMS.length + 1,
    );
    expect(seconds).toBeGreaterThanOrEqual(60);
  });
});

const upTo = (state: string): string => {
  const way = `${FOUND} ${APPLIED} ${VERIFIED}`.split(' ');
  return way.slice(0, way.indexOf(state) + 1).join(' ');
};
const inStage =
  (stage: string, error: string) => (call: number, payload: Readonly<Record<string, unknown>>, of: number) =>
    payload['stage'] === stage ? thrown(error) : listed(call, payload, of);

describe('an error', () => {
  it.each([
    { step: 'open-reconciliation', error: 'InvalidInputError', way: 'OpenPlan RefuseInput | InvalidInputError' },
    { step: 'open-reconciliation', error: 'SchemaDriftError', way: 'OpenPlan FailToOpen | SchemaDriftError' },
    { step: 'seal-plan', error: 'OperationLostError', way: `${upTo('SealPlan')} ${LOST}` },
    { step: 'seal-plan', error: 'PlanRefusedError', way: `${upTo('SealPlan')} ${FAILED}` },
    { step: 'find-differences', error: 'StoreRefusedError', way: `${upTo('FindDifferences')} ${FAILED}` },
    { step: 'find-differences', error: 'PlanRefusedError', way: `${upTo('FindDifferences')} ${FAILED}` },
    { step: 'apply-repairs', error: 'OperationLostError', way: `${upTo('ApplyRepairs')} ${FAILED}` },
    { step: 'apply-repairs', error: 'PlanRefusedError', way: `${upTo('ApplyRepairs')} ${FAILED}` },
    { step: 'apply-repairs', error: 'Boom', way: `${upTo('ApplyRepairs')} ${FAILED}` },
    { step: 'verify-range', error: 'PlanRefusedError', way: `${upTo('VerifyRanges')} ${FAILED}` },
    { step: 'verify-range', error: 'Boom', way: `${upTo('VerifyRanges')} ${FAILED}` },
    { step: 'close-reconciliation', error: 'OperationLostError', way: `${upTo('CloseReconciliation')} ${LOST}` },
    { step: 'close-reconciliation', error: 'Boom', way: `${upTo('CloseReconciliation')} ${FAILED}` },
  ] as const)('$error of $step leads to $way', async ({ step, error, way }) => {
    expect((await walk({ [step]: thrown(error) })).way).toBe(way);
  });

  it.each([
    { stage: 'find', at: 'ListRanges' },
    { stage: 'apply', at: 'ListRepairs' },
    { stage: 'verify', at: 'ListTouched' },
  ])('of the list for $stage ends it, and a lost operation at once', async ({ stage, at }) => {
    expect((await walk({ 'list-work': inStage(stage, 'Boom') })).way).toBe(`${upTo(at)} ${FAILED}`);
    expect((await walk({ 'list-work': inStage(stage, 'OperationLostError') })).way).toBe(`${upTo(at)} ${LOST}`);
  });

  it.each([
    { error: 'OperationLostError', way: LOST },
    { error: 'ApprovalDeclinedError', way: 'CloseUnapproved HaveTablesAgreed Disagree | TablesDisagree' },
    { error: 'Boom', way: FAILED },
  ])('$error of the question, and of its answer, leads to $way', async ({ error, way }) => {
    const closed = { ...APPROVING, 'close-reconciliation': { status: 'UNAPPROVED', reason: '' } };
    const asking = await walk({ ...closed, 'approve-plan': thrown(error) });
    expect(asking.way).toBe(`${FOUND} RequestPlanApproval ${way}`);
    const recording = (call: number) => (call === 1 ? undefined : thrown(error));
    const answered = await walk({ ...closed, 'approve-plan': recording }, { answer: { digest: 'd1' } });
    expect(answered.way).toBe(`${FOUND} RequestPlanApproval RecordApproval ${way}`);
  });

  it.each([
    { error: 'OperationLostError', way: `CloseUnapproved ${LOST}` },
    { error: 'Boom', way: 'CloseUnapproved FailReconciliation | ReconciliationFailed' },
  ])('$error while an unapproved plan is closed leads to $way', async ({ error, way }) => {
    const { way: found } = await walk({ ...APPROVING, 'close-reconciliation': thrown(error) });
    expect(found).toBe(`${FOUND} RequestPlanApproval ${way}`);
  });

  it('while a failure is written down ends it all the same', async () => {
    const failing = { 'seal-plan': thrown('Boom'), 'close-reconciliation': thrown('OperationLostError') };
    expect((await walk(failing)).way).toBe(`${upTo('SealPlan')} CloseFailed ${LOST}`);
    const { way } = await walk({ ...failing, 'close-reconciliation': thrown('Boom') });
    expect(way).toBe(`${upTo('SealPlan')} ${FAILED}`);
  });

  it('of a list that is not in the bucket is caught by its name', async () => {
    const { way, calls } = await walk({}, { objects: false });
    expect(way).toBe(`${upTo('FindDifferences')} ${FAILED}`);
    expect(calls.at(-1)?.payload['error']).toMatchObject({ Error: 'States.ItemReaderFailed' });
  });

  it('that passes is tried again, in a child too', async () => {
    const once = (call: number) => (call === 1 ? thrown('TransientStoreError') : undefined);
    const { way, calls } = await walk({ 'find-differences': once });
    expect(way).toMatch(/Succeed \| SUCCEEDED$/);
    expect(calls.filter(({ step }) => step === 'find-differences')).toHaveLength(ITEMS.length + 1);
  });
});
