import { describe, expect, it } from 'vitest';
import { createCloseOperation } from '../../../lambdas/close-operation/close-operation.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createRollBack } from '../../../lambdas/roll-back/roll-back.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { stepWorld } from '../../_helpers/steps/step-world.ts';

describe('close-operation', () => {
  it('ends a failover: end on record, phase in the state, lease given back, cool-down begun', async () => {
    const world = stepWorld();
    const input = await world.open();
    await world.setState({ activeRegion: TOKYO });
    world.ports.clock.pass(90);
    const now = world.ports.clock.nowMs;
    const closed = await createCloseOperation(world.context())({ ...input, status: 'SUCCEEDED' });
    expect(closed).toEqual({ status: 'SUCCEEDED', reason: '' });
    expect(await world.record(input)).toMatchObject({ status: 'SUCCEEDED', endedAtEpochMs: now });
    expect(await world.state()).toMatchObject({
      phase: 'FAILED_OVER',
      activeRegion: TOKYO,
      operationId: null,
      leaseExpiresAtEpochMs: null,
      lastOperationEndedAtEpochMs: now,
      failedOverAtEpochMs: now,
      epoch: 1,
    });
    expect(await world.lines(input, 'close-operation')).toMatchObject([
      { outcome: 'done', detail: { status: 'SUCCEEDED', reason: '' } },
    ]);
  });

  it('makes the original the active Region when all of a failback is back', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    await createCloseOperation(world.context())({ ...input, status: 'SUCCEEDED' });
    expect(await world.state()).toMatchObject({ phase: 'STEADY', activeRegion: SINGAPORE, operationId: null });
  });

  it.each([
    { status: 'SUCCEEDED', comparison: 'AGREED', parted: 'agreed' },
    { status: 'ABORTED', comparison: 'AGREED', parted: 100 },
    { status: 'SUCCEEDED', comparison: 'skipped', parted: 100 },
  ] as const)('forgets the parting of Regions that agreed: $status, $comparison', async (ended) => {
    const world = stepWorld();
    const input = await world.open('failback');
    await world.setState({ partedAtEpochMs: 100, evacuated: [] });
    await world.addLine(input, { step: 'reconcile-data', outcome: 'done', detail: { comparison: ended.comparison } });
    await createCloseOperation(world.context())({ ...input, status: ended.status, reason: '' });
    expect((await world.state()).partedAtEpochMs).toBe(ended.parted);
  });

  it.each([
    { kind: 'failover', phase: 'STEADY', activeRegion: SINGAPORE },
    { kind: 'failback', phase: 'FAILED_OVER', activeRegion: TOKYO },
  ] as const)('leaves the phase of before where a $kind is aborted', async ({ kind, phase, activeRegion }) => {
    const world = stepWorld();
    const input = await world.open(kind);
    const { failedOverAtEpochMs } = await world.state();
    await createCloseOperation(world.context())({ ...input, status: 'ABORTED', reason: 'declined' });
    expect(await world.state()).toMatchObject({ phase, activeRegion, operationId: null });
    expect((await world.state()).failedOverAtEpochMs).toBe(failedOverAtEpochMs);
    expect((await world.record(input)).status).toBe('ABORTED');
  });

  it('ends no failover with nothing changed while nobody may write: another one fenced and died', async () => {
    const world = stepWorld();
    await createFenceSource(world.context())(await world.open('failover', {}, 'first'));
    world.ports.clock.pass(3600);
    const input = await world.open('failover', {}, 'second');
    const close = createCloseOperation(world.context());
    const gate = { passed: false, reasons: ['lag 30 s'] };
    const message = expect.stringMatching(/^lag 30 s; nobody may write, .* taken that right from ap-southeast-1$/);
    await expect(close({ ...input, status: 'ABORTED', gate })).rejects.toMatchObject({
      name: 'NobodyWritesError',
      message,
    });
    const error = { Error: 'NobodyWritesError', Cause: '{"errorMessage":"lag 30 s"}' };
    const back = await createRollBack(world.context())({ ...input, error });
    expect(back).toEqual({ compensated: true, reason: 'lag 30 s' });
    expect(await world.state()).toMatchObject({ writerRegion: SINGAPORE, writerEpoch: 1, operationId: null });
    expect((await world.record(input)).status).toBe('FAILED');
  });

  it('is held instead where the data tier does not say that the former writer is the writer still', async () => {
    const world = stepWorld();
    await createFenceSource(world.context())(await world.open('failover', {}, 'first'));
    world.ports.clock.pass(3600);
    const input = await world.open('failover', {}, 'second');
    world.ports.dataTier.now = { writerRegion: null, movingTo: null };
    const error = { Error: 'NobodyWritesError', Cause: 'lag 30 s' };
    expect(await createRollBack(world.context())({ ...input, error })).toMatchObject({ compensated: false });
    expect((await world.state()).writerRegion).toBeNull();
  });

  it('gives the right to whom the data tier has as its writer, where nobody had it before', async () => {
    const world = stepWorld();
    await world.setState({ phase: 'NEEDS_OPERATOR', writerRegion: null });
    const input = await world.open();
    const close = createCloseOperation(world.context());
    await expect(close({ ...input, status: 'ABORTED', reason: 'lag' })).rejects.toMatchObject({
      name: 'NobodyWritesError',
      message: 'lag; nobody may write, since an operation that died had taken that right',
    });
    world.ports.dataTier.now = { writerRegion: SINGAPORE, movingTo: null };
    const error = { Error: 'NobodyWritesError', Cause: 'lag' };
    expect(await createRollBack(world.context())({ ...input, error })).toMatchObject({ compensated: true });
    expect((await world.state()).writerRegion).toBe(SINGAPORE);
  });

  it.each([
    { error: { Error: 'CurrentRegionFailedError', Cause: 'D200' } },
    { gate: { passed: false, reasons: ['lag'] } },
  ])('ends no failback while its fence stands and nobody may write: %j', async (end) => {
    const world = stepWorld();
    const input = await world.open('failback');
    await createFenceSource(world.context())(input);
    await expect(createCloseOperation(world.context())({ ...input, status: 'ABORTED', ...end })).rejects.toMatchObject({
      name: 'NobodyWritesError',
    });
    expect(await world.state()).toMatchObject({ operationId: input.operation.operationId, writerRegion: null });
    expect((await world.record(input)).status).toBe('RUNNING');
  });

  it.each([
    { writerRegion: SINGAPORE, activeRegion: SINGAPORE },
    { writerRegion: TOKYO, activeRegion: TOKYO },
    { writerRegion: null, activeRegion: TOKYO },
  ])('leaves a failback to an operator with $activeRegion active where $writerRegion writes', async (state) => {
    const world = stepWorld();
    const input = await world.open('failback');
    await world.setState({ writerRegion: state.writerRegion });
    await createCloseOperation(world.context())({ ...input, status: 'NEEDS_OPERATOR' });
    expect(await world.state()).toMatchObject({ phase: 'NEEDS_OPERATOR', ...state });
  });

  it('leaves an operation that nobody settled to an operator', async () => {
    const world = stepWorld();
    const input = await world.open();
    await createCloseOperation(world.context())({ ...input, status: 'NEEDS_OPERATOR' });
    expect(await world.state()).toMatchObject({ phase: 'NEEDS_OPERATOR', operationId: null });
  });

  it.each([
    {
      what: "the current Region's own failure",
      error: { Error: 'CurrentRegionFailedError', Cause: 'D200' },
      waits: false,
    },
    { what: 'any other error', error: { Error: 'Boom', Cause: 'D200' }, waits: true },
  ])('a failback that $what ended makes the next failover wait: $waits', async ({ error, waits }) => {
    const world = stepWorld();
    const input = await world.open('failback');
    await createCloseOperation(world.context())({ ...input, status: 'ABORTED', error });
    expect((await world.state()).lastOperationEndedAtEpochMs).toBe(waits ? world.ports.clock.nowMs : null);
    const [line] = await world.lines(input, 'close-operation');
    const left =
      /^D200; nothing is put back: traffic stands at ap-southeast-1 0, ap-northeast-1 100; ap-northeast-1 may write\. .* start the state machine failover in ap-southeast-1 with \{.*"source":"ap-northeast-1","target":"ap-southeast-1"/;
    expect(line?.detail['reason']).toEqual(waits ? 'D200' : expect.stringMatching(left));
  });

  it.each([
    { what: 'a closed gate', end: { gate: { passed: false, reasons: ['a', 'b'] } }, reason: 'a; b' },
    { what: 'a reason', end: { gate: { passed: true, reasons: [] }, reason: 'r' }, reason: 'r' },
    {
      what: 'an error of a function',
      end: { error: { Error: 'Boom', Cause: '{"errorMessage":"deep"}' } },
      reason: 'deep',
    },
    { what: 'an error of a state', end: { error: { Error: 'States.Timeout', Cause: 'plain' } }, reason: 'plain' },
  ])('records the reason of $what', async ({ end, reason }) => {
    const world = stepWorld();
    const input = await world.open();
    const closed = await createCloseOperation(world.context())({ ...input, status: 'ABORTED', ...end });
    expect(closed).toEqual({ status: 'ABORTED', reason });
    expect((await world.lines(input, 'close-operation'))[0]?.detail).toEqual({ status: 'ABORTED', reason });
  });

  it('run again, also after another operation was opened, changes nothing', async () => {
    const world = stepWorld();
    const input = await world.open();
    const close = createCloseOperation(world.context());
    const first = await close({ ...input, status: 'SUCCEEDED' });
    await world.loseLease();
    const [state, record] = [await world.state(), await world.record(input)];
    world.ports.clock.pass(10);
    expect(await close({ ...input, status: 'SUCCEEDED' })).toEqual(first);
    expect(await world.state()).toEqual(state);
    expect(await world.record(input)).toEqual(record);
  });

  it.each(['appendEvent', 'setStatus'] as const)('finishes what a run began whose %s got no answer', async (method) => {
    const world = stepWorld();
    const input = await world.open();
    const close = createCloseOperation(world.context());
    world.ports.coordination.failNext(method);
    await expect(close({ ...input, status: 'SUCCEEDED' })).rejects.toMatchObject({ name: 'TransientPlatformError' });
    await close({ ...input, status: 'SUCCEEDED' });
    expect(await world.state()).toMatchObject({ phase: 'FAILED_OVER', operationId: null });
    expect(await world.lines(input, 'close-operation')).toHaveLength(1);
  });

  it('does not claim an end that it could not make: a newer operation holds the application', async () => {
    const world = stepWorld();
    const input = await world.open();
    await world.loseLease();
    await expect(createCloseOperation(world.context())({ ...input, status: 'SUCCEEDED' })).rejects.toMatchObject({
      name: 'OperationLostError',
    });
    expect((await world.record(input)).status).toBe('RUNNING');
  });
});
