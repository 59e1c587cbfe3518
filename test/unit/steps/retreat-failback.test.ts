import { describe, expect, it } from 'vitest';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createOpenSwitch } from '../../../lambdas/open-switch/open-switch.ts';
import { createRetreatFailback } from '../../../lambdas/retreat-failback/retreat-failback.ts';
import { createWriteRecords } from '../../../lambdas/write-records/write-records.ts';
import type { StepInput } from '../../../state-machines/contracts.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { FAILED, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const reasons = ['errors 5 %', 'p95 900 ms'];
const BACK = { compensated: true, moveWriterBack: false, reason: 'errors 5 %; p95 900 ms' };

/** A failback that has half of the traffic back. */
async function halfWay(): Promise<{ world: StepWorld; input: StepInput }> {
  const world = stepWorld();
  const input = await world.open('failback');
  await world.observe(TOKYO);
  await createOpenSwitch(world.context())(input);
  await createWriteRecords(world.context())({ ...input, weights: { [SINGAPORE]: 50, [TOKYO]: 50 } });
  return { world, input };
}

describe('retreat-failback', () => {
  it('evacuates the original by its switch, then puts the weights back; the serving Region stays active', async () => {
    const { world, input } = await halfWay();
    expect(await createRetreatFailback(world.context())({ ...input, reasons })).toEqual(BACK);
    expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
    expect([world.ports.records.weightOf(SINGAPORE), world.ports.records.weightOf(TOKYO)]).toEqual([0, 100]);
    expect(await world.state()).toMatchObject({
      activeRegion: TOKYO,
      evacuated: [SINGAPORE],
      weights: { [SINGAPORE]: 0, [TOKYO]: 100 },
      recordsPending: false,
    });
    expect(await world.lines(input, 'retreat-failback')).toMatchObject([
      { outcome: 'waiting' },
      { outcome: 'compensated', detail: { what: 'switch' } },
      { outcome: 'compensated', detail: { what: 'records', did: 'weights and records restored' } },
    ]);
  });

  it.each([
    { what: 'an error', end: { error: { Error: 'Boom', Cause: '{"errorMessage":"why"}' } }, reason: 'why' },
    { what: 'nobody', end: {}, reason: 'aborted' },
  ])('says why where it was asked for by $what', async ({ end, reason }) => {
    const { world, input } = await halfWay();
    expect(await createRetreatFailback(world.context())({ ...input, ...end })).toMatchObject({ reason });
  });

  it('takes back a fence that was raised for a move that never began', async () => {
    const { world, input } = await halfWay();
    await createFenceSource(world.context())(input);
    expect(await createRetreatFailback(world.context())({ ...input, reasons })).toEqual(BACK);
    expect((await world.state()).writerRegion).toBe(TOKYO);
    expect((await world.lines(input, 'retreat-failback'))[1]).toMatchObject({ detail: { what: 'fence' } });
  });

  it('waits for a writer that is moving, and goes on from where it arrives', async () => {
    const { world, input } = await halfWay();
    await world.setState({ writerRegion: null });
    world.copyBehind(TOKYO, 5);
    world.ports.dataTier.now = { writerRegion: null, movingTo: SINGAPORE };
    const retreat = () => createRetreatFailback(world.context())({ ...input, reasons });
    for (let look = 0; look < 2; look += 1) {
      await expect(retreat()).rejects.toMatchObject({ name: 'WriterUnderWayError', retryable: true });
    }
    expect(await world.lines(input, 'retreat-failback')).toMatchObject([
      { outcome: 'waiting' },
      { outcome: 'waiting', detail: { for: expect.stringContaining('from ap-northeast-1 to ap-southeast-1') } },
    ]);
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    world.ports.dataTier.now = { writerRegion: SINGAPORE, movingTo: null };
    expect(await retreat()).toMatchObject({ compensated: false, moveWriterBack: true });
  });

  it('leaves the traffic where nobody knows which Region has the writer', async () => {
    const { world, input } = await halfWay();
    await world.setState({ writerRegion: null });
    world.ports.dataTier.now = { writerRegion: null, movingTo: null };
    const output = await createRetreatFailback(world.context())({ ...input, reasons });
    const reason = expect.stringMatching(/^the data writer has left .*; traffic stays with it: errors 5 %/);
    expect(output).toEqual({ compensated: false, moveWriterBack: false, reason });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    expect(world.ports.records.weightOf(SINGAPORE)).toBe(50);
    expect(await world.lines(input, 'retreat-failback')).toMatchObject([
      { outcome: 'waiting' },
      { outcome: 'refused' },
    ]);
  });

  it.each([
    { what: 'has moved', writerRegion: null, now: { writerRegion: SINGAPORE, movingTo: null } },
    { what: 'commits there', writerRegion: SINGAPORE, now: { writerRegion: SINGAPORE, movingTo: null } },
    { what: 'is on its way back', writerRegion: null, now: { writerRegion: null, movingTo: TOKYO } },
  ])('has the writer moved back first, and touches nothing before, where it $what', async ({ writerRegion, now }) => {
    const { world, input } = await halfWay();
    await world.setState({ writerRegion });
    world.copyBehind(TOKYO, 5);
    world.ports.dataTier.now = now;
    const output = await createRetreatFailback(world.context())({ ...input, reasons });
    expect(output).toEqual({ compensated: false, moveWriterBack: true, reason: BACK.reason });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    expect(world.ports.records.weightOf(SINGAPORE)).toBe(50);
    expect((await world.state()).writerRegion).toBe(writerRegion);
    expect((await world.lines(input, 'retreat-failback')).at(-1)).toMatchObject({ outcome: 'requested' });
  });

  it.each([
    { what: 'is 5.1 s behind', seconds: 5.1 },
    { what: 'is not measured', seconds: undefined },
  ])('leaves the right to write and the traffic with the writer where the copy to move it to $what', async (copy) => {
    const { world, input } = await halfWay();
    await world.setState({ writerRegion: SINGAPORE });
    world.ports.dataTier.now = { writerRegion: SINGAPORE, movingTo: null };
    if (copy.seconds !== undefined) world.copyBehind(TOKYO, copy.seconds);
    const output = await createRetreatFailback(world.context())({ ...input, reasons });
    const reason = expect.stringMatching(
      /lag into ap-northeast-1 is (5\.1 s, 5 s are allowed|not measured).*may write/,
    );
    expect(output).toEqual({ compensated: false, moveWriterBack: false, reason });
    expect(await world.state()).toMatchObject({ writerRegion: SINGAPORE, writerEpoch: 1, evacuated: [] });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it.each([
    { what: 'says nothing of it', said: {}, moveWriterBack: true },
    { what: 'calls it connected', said: { connected: [SINGAPORE, TOKYO] }, moveWriterBack: true },
    { what: 'does not call it connected', said: { connected: [SINGAPORE] }, moveWriterBack: false },
  ])('of a copy that was the writer until now asks the data tier, which $what', async ({ said, moveWriterBack }) => {
    const { world, input } = await halfWay();
    await world.setState({ writerRegion: SINGAPORE });
    await world.addLine(input, { step: 'check-promotion', outcome: 'done' });
    world.ports.dataTier.now = { writerRegion: SINGAPORE, movingTo: null, ...said };
    const output = await createRetreatFailback(world.context())({ ...input, reasons });
    expect(output).toMatchObject({ compensated: false, moveWriterBack });
    expect((await world.state()).writerRegion).toBe(SINGAPORE);
  });

  it('leaves the fence while a move that was accepted may still come, though nothing is seen of it', async () => {
    const { world, input } = await halfWay();
    await createFenceSource(world.context())(input);
    await world.addLine(input, { step: 'start-promotion', outcome: 'requested' });
    const retreat = createRetreatFailback(world.context())({ ...input, reasons });
    await expect(retreat).rejects.toMatchObject({ name: 'WriterUnderWayError' });
    expect((await world.state()).writerRegion).toBeNull();
  });

  it.each([
    { what: 'writes here still', now: { writerRegion: TOKYO, movingTo: null }, writerRegion: TOKYO },
    { what: 'writes there by now', now: { writerRegion: SINGAPORE, movingTo: null }, writerRegion: SINGAPORE },
    { what: 'is moving', now: { writerRegion: TOKYO, movingTo: SINGAPORE }, writerRegion: null },
    { what: 'is nowhere', now: { writerRegion: null, movingTo: null }, writerRegion: null },
  ])('gives up where the serving Region died, and lets the writer write that $what', async ({ now, writerRegion }) => {
    const { world, input } = await halfWay();
    await createFenceSource(world.context())(input);
    await world.observe(TOKYO, { all: FAILED });
    world.ports.dataTier.now = now;
    await expect(createRetreatFailback(world.context())({ ...input, reasons })).rejects.toMatchObject({
      name: 'CurrentRegionFailedError',
    });
    expect((await world.state()).writerRegion).toBe(writerRegion);
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it('lets nobody write while a move that was accepted may still come', async () => {
    const { world, input } = await halfWay();
    await createFenceSource(world.context())(input);
    await world.addLine(input, { step: 'start-promotion', outcome: 'requested' });
    await world.observe(TOKYO, { all: FAILED });
    const retreat = createRetreatFailback(world.context());
    await expect(retreat({ ...input, reasons })).rejects.toMatchObject({ name: 'CurrentRegionFailedError' });
    expect((await world.state()).writerRegion).toBeNull();
    world.ports.clock.pass(301);
    await world.observe(TOKYO, { all: FAILED });
    await expect(retreat({ ...input, reasons })).rejects.toMatchObject({ name: 'CurrentRegionFailedError' });
    expect((await world.state()).writerRegion).toBe(TOKYO);
  });

  it('given up, puts traffic back where the writer is here, and moves no writer that is there', async () => {
    const { world, input } = await halfWay();
    const giveUp = () => createRetreatFailback(world.context())({ ...input, keepWriter: true });
    await world.setState({ writerRegion: SINGAPORE });
    world.ports.dataTier.now = { writerRegion: SINGAPORE, movingTo: null };
    const reason = expect.stringMatching(
      /has left ap-northeast-1 and is not moved back; ap-southeast-1 may write again/,
    );
    expect(await giveUp()).toEqual({ compensated: false, moveWriterBack: false, reason });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    await world.setState({ writerRegion: TOKYO });
    expect(await giveUp()).toMatchObject({ compensated: true });
    expect(world.ports.evacuation.evacuated()).toEqual([SINGAPORE]);
  });

  it('finds a writer that came back after its time, and lets it write', async () => {
    const { world, input } = await halfWay();
    await createFenceSource(world.context())({ ...input, back: true });
    await world.addLine(input, { step: 'start-promotion', outcome: 'requested', detail: { target: TOKYO } });
    world.ports.dataTier.now = { writerRegion: TOKYO, movingTo: null };
    expect(await createRetreatFailback(world.context())({ ...input, reasons })).toEqual(BACK);
    expect((await world.state()).writerRegion).toBe(TOKYO);
  });

  it('does not judge by a data tier that gives no answer', async () => {
    const { world, input } = await halfWay();
    await world.setState({ writerRegion: null });
    world.ports.dataTier.failures.status = noAnswer();
    await expect(createRetreatFailback(world.context())({ ...input, reasons })).rejects.toMatchObject({
      retryable: true,
    });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it('needs one guardian, and is tried again without any', async () => {
    const { world, input } = await halfWay();
    const retreat = createRetreatFailback(world.context());
    world.ports.evacuation.down.add(SEOUL).add(TOKYO);
    await expect(retreat({ ...input, reasons })).rejects.toMatchObject({ name: 'SwitchFailedError', retryable: true });
    expect([world.ports.records.weightOf(SINGAPORE), world.ports.records.weightOf(TOKYO)]).toEqual([0, 100]);
    world.ports.evacuation.down.delete(TOKYO);
    expect(await retreat({ ...input, reasons })).toEqual(BACK);
    expect([...world.ports.evacuation.objects.keys()]).toEqual([`${TOKYO}/${SINGAPORE}`]);
  });

  it('leaves the records to the reconciler where Route 53 takes no changes', async () => {
    const { world, input } = await halfWay();
    world.ports.records.failures.list = noAnswer();
    expect(await createRetreatFailback(world.context())({ ...input, reasons })).toEqual(BACK);
    expect(await world.state()).toMatchObject({ weights: { [SINGAPORE]: 0, [TOKYO]: 100 }, recordsPending: true });
    expect(world.ports.records.weightOf(SINGAPORE)).toBe(50);
  });

  it('run again comes to the same end', async () => {
    const { world, input } = await halfWay();
    const retreat = createRetreatFailback(world.context());
    world.ports.coordination.failNext('appendEvent');
    await expect(retreat({ ...input, reasons })).rejects.toMatchObject({ retryable: true });
    expect(await retreat({ ...input, reasons })).toEqual(BACK);
    const state = await world.state();
    expect(await retreat({ ...input, reasons })).toEqual(BACK);
    expect({ ...(await world.state()), recordsWrittenAtEpochMs: 0 }).toEqual({ ...state, recordsWrittenAtEpochMs: 0 });
  });

  it('gets out of the way where the Region that serves has itself failed', async () => {
    const { world, input } = await halfWay();
    await world.observe(TOKYO, { all: FAILED });
    await expect(createRetreatFailback(world.context())({ ...input, reasons })).rejects.toMatchObject({
      name: 'CurrentRegionFailedError',
    });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
  });

  it('waits for a look of its own time before it leans on the Region that serves', async () => {
    const { world, input } = await halfWay();
    world.ports.clock.pass(1);
    const retreat = () => createRetreatFailback(world.context())({ ...input, reasons });
    await expect(retreat()).rejects.toMatchObject({ name: 'CurrentRegionUnclearError', retryable: true });
    world.ports.clock.pass(5);
    await expect(retreat()).rejects.toMatchObject({ name: 'CurrentRegionUnclearError' });
    await world.observe(TOKYO, { all: { consecutiveFailures: 1, consecutivePasses: 0 } });
    await expect(retreat()).rejects.toMatchObject({ name: 'CurrentRegionUnclearError' });
    expect(world.ports.evacuation.evacuated()).toEqual([]);
    await world.observe(TOKYO);
    expect(await retreat()).toEqual(BACK);
  });
});
