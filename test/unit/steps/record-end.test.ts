import { describe, expect, it } from 'vitest';
import { createRecordEnd } from '../../../lambdas/record-end/record-end.ts';
import type { ExecutionEndedEvent } from '../../../state-machines/contracts.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const ARN = 'arn:of:failover-by-hand';

function endOf(detail: Partial<ExecutionEndedEvent['detail']> = {}): ExecutionEndedEvent {
  return { detail: { executionArn: ARN, name: 'failover-by-hand', status: 'ABORTED', stopDate: 1, ...detail } };
}

const recordEnd = (world: StepWorld, detail: Partial<ExecutionEndedEvent['detail']> = {}) =>
  createRecordEnd(world.context())(endOf(detail));

const bodyOf = (world: StepWorld) => JSON.parse(world.ports.notifier.sent[0]?.body ?? '{}');

/** As a step does that ends an operation. */
async function closeIt(world: StepWorld): Promise<void> {
  await world.ports.coordination.setStatus('failover-by-hand', 'ABORTED', 1);
  await world.setState({ operationId: null, leaseExpiresAtEpochMs: null });
}

describe('the end of an execution that no Catch saw', () => {
  it('goes on record and to people, with the command and the inputs that go on', async () => {
    const world = stepWorld();
    const input = await world.open();
    expect(await recordEnd(world)).toBe('recorded');
    expect(await world.record(input)).toMatchObject({ status: 'NEEDS_OPERATOR', endedAtEpochMs: null });
    expect(await world.lines(input, 'record-end')).toMatchObject([
      { outcome: 'failed', detail: { status: 'ABORTED', stopDate: 1, executionArn: ARN, mayRedrive: true } },
    ]);
    expect(world.ports.notifier.sent.map(({ subject }) => subject)).toEqual([
      '[FAILOVER][STOPPED] storefront: ap-southeast-1 -> ap-northeast-1',
    ]);
    expect(bodyOf(world)).toMatchObject({
      event: 'execution-ended',
      status: 'NEEDS_OPERATOR',
      commands: { redrive: `aws stepfunctions redrive-execution --region ap-northeast-1 --execution-arn ${ARN}` },
      executionInputs: { resume: { resume: 'failover-by-hand' }, abort: { abort: 'failover-by-hand' } },
      text: expect.stringMatching(/Last step on record: open-operation.*Redrive it within 14 days/),
    });
  });

  it.each([
    { writerRegion: 'ap-northeast-1', says: /ap-northeast-1 may write.*ended by itself: all traffic goes back/ },
    { writerRegion: null, says: /nobody may write.*Nothing else gives the right to write back/ },
  ])('says how a failback stands, and what becomes of it: $says', async ({ writerRegion, says }) => {
    const world = stepWorld();
    await world.open('failback');
    await world.setState({ writerRegion });
    await recordEnd(world, { executionArn: 'arn:of:failback-by-hand', name: 'failback-by-hand' });
    expect(bodyOf(world).text).toMatch(says);
  });

  it('keeps the lease and the phase: the operation still holds the application', async () => {
    const world = stepWorld();
    await world.open();
    const before = await world.state();
    await recordEnd(world);
    expect(await world.state()).toEqual(before);
  });

  it('is recorded once though the event comes twice, and again when the redriven execution ends too', async () => {
    const world = stepWorld();
    const input = await world.open();
    await recordEnd(world);
    expect(await recordEnd(world)).toBe('recorded before');
    expect(await recordEnd(world, { stopDate: 2 })).toBe('recorded');
    expect(await world.lines(input, 'record-end')).toHaveLength(2);
    expect(world.ports.notifier.sent).toHaveLength(2);
  });

  it.each([
    { status: 'FAILED', error: 'States.Runtime', may: true },
    { status: 'FAILED', error: 'NeedsOperator', may: false },
    { status: 'FAILED', error: null, may: false },
    { status: 'TIMED_OUT', error: null, may: true },
  ] as const)('offers a redrive after $status with $error: $may', async ({ status, error, may }) => {
    const world = stepWorld();
    await world.open();
    await recordEnd(world, { status, error });
    const { commands, text } = bodyOf(world);
    expect('redrive' in commands).toBe(may);
    expect(text).toContain(may ? 'Redrive it' : 'start a new execution with the input "resume"');
  });

  it('is found by the operation that holds the application where another execution has taken it up', async () => {
    const world = stepWorld();
    const input = await world.open();
    await world.ports.coordination.changeExecution('failover-by-hand', { from: ARN, to: 'arn:second' });
    expect(await recordEnd(world)).toBe('nothing was opened');
    expect(await recordEnd(world, { executionArn: 'arn:second', name: 'second' })).toBe('recorded');
    expect(await world.lines(input, 'record-end')).toHaveLength(1);
  });

  it('of an overtaken operation ends it, and asks for nothing', async () => {
    const world = stepWorld();
    const input = await world.open();
    await world.loseLease();
    await recordEnd(world, { status: 'FAILED', error: 'OperationLostError' });
    expect(await world.record(input)).toMatchObject({ status: 'ABORTED', endedAtEpochMs: world.ports.clock.nowMs });
    expect(bodyOf(world)).toMatchObject({ text: expect.stringContaining('(another does)') });
    expect(bodyOf(world)).not.toHaveProperty('commands');
  });

  it('says nothing of an operation that has come to its own end, nor of an execution that opened none', async () => {
    const world = stepWorld();
    await world.open();
    await closeIt(world);
    expect(await recordEnd(world, { status: 'FAILED', error: 'OperationAborted' })).toBe('ended');
    expect(await recordEnd(world, { executionArn: 'arn:none', name: 'none' })).toBe('nothing was opened');
    expect(world.ports.notifier.sent).toEqual([]);
  });

  it('is told where the operation had ended and nobody had been told that', async () => {
    const world = stepWorld();
    const input = await world.open();
    await closeIt(world);
    expect(await recordEnd(world)).toBe('recorded');
    expect(await world.record(input)).toMatchObject({ status: 'ABORTED', endedAtEpochMs: 1 });
    expect(bodyOf(world)).toMatchObject({
      commands: { redrive: expect.stringContaining(ARN) },
      text: expect.stringContaining('before people were told'),
    });
    expect(bodyOf(world)).not.toHaveProperty('executionInputs');
  });

  it('is not told where people had been told of the end', async () => {
    const world = stepWorld();
    const input = await world.open();
    await world.addLine(input, { step: 'send-notification', outcome: 'done', detail: { event: 'started' } });
    await world.addLine(input, { step: 'send-notification', outcome: 'done', detail: { event: 'aborted' } });
    await closeIt(world);
    expect(await recordEnd(world)).toBe('ended');
    expect(world.ports.notifier.sent).toEqual([]);
  });

  it('is told where the operation was about to give the application back', async () => {
    const world = stepWorld();
    const input = await world.open();
    await world.addLine(input, { step: 'send-notification', outcome: 'done', detail: { event: 'aborted' } });
    await world.ports.coordination.setStatus('failover-by-hand', 'ABORTED', 1);
    expect(await recordEnd(world)).toBe('recorded');
  });

  it('stays on record where the message is not sent', async () => {
    const world = stepWorld();
    const input = await world.open();
    world.ports.notifier.failure = noAnswer();
    expect(await recordEnd(world)).toBe('recorded');
    expect((await world.lines(input, 'record-end')).map(({ detail }) => detail)).toMatchObject([
      { status: 'ABORTED' },
      { channel: 'sns' },
    ]);
  });
});
