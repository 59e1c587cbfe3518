import { describe, expect, it } from 'vitest';
import { createOpenOperation } from '../../../lambdas/open-operation/open-operation.ts';
import type { OpenOperationInput } from '../../../state-machines/contracts.ts';
import { decisionSample, requestSample, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { FAILED_OVER, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

function inputOf(changes: Partial<OpenOperationInput> = {}): OpenOperationInput {
  return { kind: 'failover', request: requestSample(), executionName: 'one', executionArn: 'arn:one', ...changes };
}

const open = (world: StepWorld, changes: Partial<OpenOperationInput> = {}) =>
  createOpenOperation(world.context())(inputOf(changes));

const REFUSED = { name: 'OperationRefusedError', source: 'operator', retryable: false };

describe('open-operation', () => {
  it('says that it was opened, and on which verdict, also where the run that took the lease did not live to', async () => {
    const world = stepWorld();
    await world.ports.coordination.replaceDecision(undefined, decisionSample({ ruleId: 'D200' }));
    world.ports.coordination.failNext('appendEvent');
    await expect(open(world)).rejects.toMatchObject({ retryable: true });
    await open(world);
    await open(world);
    expect((await world.ports.coordination.readOperation('one'))?.events).toMatchObject([
      { step: 'open-operation', outcome: 'done', detail: { decision: { ruleId: 'D200' } } },
    ]);
  });

  it('takes the lease, raises the epoch and keeps what an end put back would restore', async () => {
    const world = stepWorld();
    await world.ports.coordination.replaceDecision(undefined, decisionSample({ ruleId: 'D200' }));
    expect(await open(world)).toEqual({
      operationId: 'one',
      epoch: 1,
      kind: 'failover',
      application: 'storefront',
      source: SINGAPORE,
      target: TOKYO,
      mode: 'manual',
      approval: 'none',
      approvalTimeoutSeconds: 900,
      shiftAfterPromotion: false,
      executionArn: 'arn:one',
      entry: 'start',
      abortReason: '',
    });
    expect(await world.state()).toMatchObject({
      epoch: 1,
      writerEpoch: 0,
      writerRegion: SINGAPORE,
      operationId: 'one',
      phase: 'FAILING_OVER',
      automaticStartsEpochMs: [],
      leaseExpiresAtEpochMs: world.ports.clock.nowMs + 130_000,
    });
    expect(await world.ports.coordination.readOperation('one')).toMatchObject({
      status: 'RUNNING',
      before: { phase: 'STEADY', activeRegion: SINGAPORE, weights: { [SINGAPORE]: 100, [TOKYO]: 0 }, evacuated: [] },
      events: [{ step: 'open-operation', outcome: 'done', detail: { decision: { ruleId: 'D200' } } }],
    });
  });

  it('lists every problem of an input at once, and opens nothing', async () => {
    const world = stepWorld();
    const request = { ...requestSample(), application: 'other', target: 'mars', mode: 'quick' };
    await expect(open(world, { request })).rejects.toMatchObject({
      name: 'InvalidInputError',
      source: 'operator',
      retryable: false,
      message: expect.stringMatching(/mode[\s\S]*application[\s\S]*target/),
    });
    expect(await world.ports.coordination.readOperation('one')).toBeUndefined();
    expect((await world.state()).epoch).toBe(0);
  });

  it('counts an automatic start, and skips the approval in an emergency', async () => {
    const world = stepWorld();
    const request = requestSample({ mode: 'emergency', approval: 'required', requestedBy: 'automatic' });
    expect(await open(world, { request })).toMatchObject({ approval: 'none' });
    expect((await world.state()).automaticStartsEpochMs).toEqual([world.ports.clock.nowMs]);
    const [opened] = (await world.ports.coordination.readOperation('one'))?.events ?? [];
    expect(opened?.detail).toEqual({ skippedGates: ['approval'] });
  });

  it.each([
    { what: 'under an older epoch', state: {}, request: { epoch: 3 }, code: 'stale-epoch' },
    { what: 'from a Region that is not active', state: FAILED_OVER, request: {}, code: 'wrong-region' },
  ])('refuses one $what, and keeps the reason', async ({ state, request, code }) => {
    const world = stepWorld();
    await world.setState(state);
    await expect(open(world, { request: requestSample(request) })).rejects.toMatchObject(REFUSED);
    expect(await world.ports.coordination.readOperation('one')).toMatchObject({
      status: 'ABORTED',
      events: [{ outcome: 'refused', detail: { code } }],
    });
    expect((await world.state()).operationId).toBeNull();
  });

  it.each([
    { what: 'nothing was failed over', state: { activeRegion: TOKYO }, code: 'wrong-phase' },
    {
      what: 'the records are still to be written',
      state: { ...FAILED_OVER, recordsPending: true },
      code: 'records-pending',
    },
  ])('refuses a failback where $what', async ({ state, code }) => {
    const world = stepWorld();
    await world.setState(state);
    const request = requestSample({ source: TOKYO, target: SINGAPORE });
    await expect(open(world, { kind: 'failback', request })).rejects.toMatchObject(REFUSED);
    expect((await world.ports.coordination.readOperation('one'))?.events[0]?.detail['code']).toBe(code);
  });

  it('names who holds the application, until that lease has run out', async () => {
    const world = stepWorld();
    await open(world);
    const second = { executionName: 'two', executionArn: 'arn:two' };
    await expect(open(world, second)).rejects.toMatchObject({
      ...REFUSED,
      message: 'operation one holds storefront in phase FAILING_OVER',
    });
    world.ports.clock.pass(130);
    expect(await open(world, { executionName: 'three', executionArn: 'arn:three' })).toMatchObject({ epoch: 2 });
  });

  it('lets one of two that open at the same moment have it, and names it to the other', async () => {
    const world = stepWorld();
    world.ports.coordination.interrupt('createOperation', async () => {
      await open(world, { executionName: 'faster', executionArn: 'arn:faster' });
    });
    await expect(open(world)).rejects.toMatchObject({ ...REFUSED, message: expect.stringContaining('faster') });
    expect((await world.state()).operationId).toBe('faster');
  });

  it.each(['createOperation', 'transition', 'appendEvent'] as const)(
    'finds its own operation again where %s got no answer',
    async (method) => {
      const world = stepWorld();
      world.ports.coordination.failNext(method);
      await expect(open(world)).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
      expect(await open(world)).toMatchObject({ operationId: 'one', epoch: 1 });
      expect((await world.state()).epoch).toBe(1);
    },
  );

  it('goes on where its execution was said to have ended and is redriven', async () => {
    const world = stepWorld();
    const first = await open(world);
    await world.ports.coordination.setStatus('one', 'NEEDS_OPERATOR', null);
    expect(await open(world)).toEqual(first);
  });

  it('keeps the verdict once, though a run died between the lease and that line', async () => {
    const world = stepWorld();
    await world.ports.coordination.replaceDecision(undefined, decisionSample({ ruleId: 'D200' }));
    world.ports.coordination.failNext('appendEvent');
    await expect(open(world)).rejects.toMatchObject({ name: 'TransientPlatformError' });
    await open(world);
    await open(world);
    expect(await world.ports.coordination.readOperation('one')).toMatchObject({
      events: [{ step: 'open-operation', outcome: 'done', detail: { decision: { ruleId: 'D200' } } }],
    });
  });

  it('run again opens nothing more; after its end it is refused', async () => {
    const world = stepWorld();
    const first = await open(world);
    expect(await open(world)).toEqual(first);
    await world.ports.coordination.setStatus('one', 'SUCCEEDED', world.ports.clock.nowMs);
    await expect(open(world)).rejects.toMatchObject(REFUSED);
  });

  it('does not join the operation of another execution that has the same name', async () => {
    const world = stepWorld();
    await open(world);
    await expect(open(world, { executionArn: 'arn:another-machine' })).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('arn:one'),
    });
    expect(await world.ports.coordination.readOperation('one')).toMatchObject({ status: 'RUNNING' });
    expect((await world.state()).operationId).toBe('one');
  });
});
