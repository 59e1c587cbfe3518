import { describe, expect, it } from 'vitest';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createOpenOperation } from '../../../lambdas/open-operation/open-operation.ts';
import { requestSample, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const FIRST = 'failover-by-hand';
const FORMER = `arn:of:${FIRST}`;

const again = (world: StepWorld, request: Parameters<typeof requestSample>[0], name = 'second') =>
  createOpenOperation(world.context())({
    kind: 'failover',
    request: requestSample(request),
    executionName: name,
    executionArn: `arn:of:${name}`,
  });

const REFUSED = { name: 'OperationRefusedError', source: 'operator', retryable: false };

describe('an operation whose execution is gone', () => {
  it('is gone on with from the first gate where nothing has been changed', async () => {
    const world = stepWorld();
    await world.open('failover', { approval: 'required' });
    expect(await again(world, { resume: FIRST })).toMatchObject({
      operationId: FIRST,
      epoch: 1,
      approval: 'required',
      executionArn: 'arn:of:second',
      entry: 'start',
    });
    expect(await world.ports.coordination.readOperation(FIRST)).toMatchObject({ executionArn: 'arn:of:second' });
    expect(await world.ports.coordination.readOperation('second')).toBeUndefined();
    expect((await world.state()).epoch).toBe(1);
  });

  it('is gone on with past every gate once the right to commit has been taken, though no line says so', async () => {
    const world = stepWorld();
    await world.open();
    await world.setState({ writerEpoch: 1, writerRegion: null });
    expect(await again(world, { resume: FIRST })).toMatchObject({ entry: 'resume' });
  });

  it.each([
    { what: 'a line of a step that changes something', line: 'start-promotion' },
    { what: 'weights that differ', weights: { [SINGAPORE]: 0, [TOKYO]: 100 } },
  ])('is gone on with past every gate after $what', async ({ line, weights }) => {
    const world = stepWorld();
    const input = await world.open();
    if (line !== undefined) await world.addLine(input, { step: line, outcome: 'requested' });
    if (weights !== undefined) await world.setState({ weights });
    expect(await again(world, { resume: FIRST })).toMatchObject({ entry: 'resume' });
  });

  it.each([
    { what: 'a rung was breached', outcome: 'refused' as const, entry: 'abort' },
    { what: 'a rung was baking', outcome: 'waiting' as const, entry: 'resume' },
  ])('goes on the way that it was going: $what, $entry', async ({ outcome, entry }) => {
    const world = stepWorld();
    const input = await world.open('failback');
    await world.addLine(input, { step: 'check-rung', outcome, detail: { percent: 50 } });
    const resumed = await createOpenOperation(world.context())({
      kind: 'failback',
      request: requestSample({ source: TOKYO, target: SINGAPORE, resume: 'failback-by-hand', requestedBy: 'ann' }),
      executionName: 'second',
      executionArn: 'arn:of:second',
    });
    expect(resumed).toMatchObject({ entry, abortReason: entry === 'abort' ? expect.stringMatching(/ann/) : '' });
  });

  it('is ended by the name and the reason of who wants that', async () => {
    const world = stepWorld();
    const input = await world.open();
    const request = { abort: FIRST, requestedBy: 'ann', reason: 'a false alarm' };
    expect(await again(world, request)).toMatchObject({ entry: 'abort', abortReason: 'ended by ann: a false alarm' });
    expect((await world.lines(input, 'open-operation')).at(-1)?.detail).toEqual({
      executionArn: 'arn:of:second',
      takenUpFrom: FORMER,
      by: 'ann',
      entry: 'abort',
    });
  });

  it('is led by the new execution alone: the former one, redriven, changes nothing', async () => {
    const world = stepWorld();
    const input = await world.open();
    const operation = await again(world, { resume: FIRST });
    const fence = createFenceSource(world.context());
    await expect(fence(input)).rejects.toMatchObject({
      name: 'OperationLostError',
      message: expect.stringContaining('arn:of:second'),
    });
    expect((await world.state()).writerEpoch).toBe(0);
    await fence({ operation });
    expect((await world.state()).writerEpoch).toBe(1);
  });

  it('is taken up once, however often the step runs', async () => {
    const world = stepWorld();
    const input = await world.open();
    world.ports.coordination.failNext('appendEvent');
    await expect(again(world, { resume: FIRST })).rejects.toMatchObject({ name: 'TransientPlatformError' });
    await again(world, { resume: FIRST });
    await again(world, { resume: FIRST });
    expect(await world.lines(input, 'open-operation')).toHaveLength(2);
  });
});

describe('an operation is not taken up', () => {
  it.each([
    { why: 'that is not there', request: { resume: 'other' }, message: 'there is no operation other' },
    {
      why: 'by a request about other Regions',
      request: { resume: FIRST, source: TOKYO, target: SINGAPORE },
      message: `is a failover from ${SINGAPORE} to ${TOKYO}`,
    },
  ])('$why', async ({ request, message }) => {
    const world = stepWorld();
    await world.open();
    await expect(again(world, request)).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining(message),
    });
  });

  it('while its execution runs', async () => {
    const world = stepWorld();
    await world.open();
    world.ports.machines.running.add(FORMER);
    await expect(again(world, { abort: FIRST })).rejects.toMatchObject({
      ...REFUSED,
      message: `${FORMER} still runs and leads operation ${FIRST}; stop it first, then start this again`,
    });
    expect(await world.ports.coordination.readOperation(FIRST)).toMatchObject({ executionArn: FORMER });
  });

  it('while a function of an execution that was stopped may still work', async () => {
    const world = stepWorld();
    await world.open();
    const now = world.ports.clock.nowMs;
    world.ports.machines.endedAtMs.set(FORMER, now - 29_500);
    await expect(again(world, { abort: FIRST })).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringMatching(/a function that it called may still work .*; start this again in 1 s$/),
    });
    world.ports.machines.endedAtMs.set(FORMER, now - 30_000);
    expect(await again(world, { abort: FIRST })).toMatchObject({ entry: 'abort' });
  });

  it('once it has ended', async () => {
    const world = stepWorld();
    await world.open();
    await world.ports.coordination.setStatus(FIRST, 'FAILED', 1);
    await expect(again(world, { resume: FIRST })).rejects.toMatchObject({
      ...REFUSED,
      message: `operation ${FIRST} has ended with FAILED`,
    });
  });

  it('once another one holds the application', async () => {
    const world = stepWorld();
    await world.open();
    await world.loseLease();
    await expect(again(world, { resume: FIRST })).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('another does'),
    });
  });

  it('by the slower of two', async () => {
    const world = stepWorld();
    await world.open();
    world.ports.coordination.interrupt('changeExecution', async () => {
      await again(world, { resume: FIRST }, 'faster');
    });
    await expect(again(world, { resume: FIRST })).rejects.toMatchObject(REFUSED);
    expect(await world.ports.coordination.readOperation(FIRST)).toMatchObject({ executionArn: 'arn:of:faster' });
  });
});
