import { describe, expect, it } from 'vitest';
import { names } from '../../../core/config/names.ts';
import { epochRecord } from '../../../core/routing/epoch-record.ts';
import { createCheckRecords } from '../../../lambdas/check-records/check-records.ts';
import { createWriteRecords } from '../../../lambdas/write-records/write-records.ts';
import type { StepInput } from '../../../state-machines/contracts.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { noAnswer } from '../../_helpers/steps/fake-ports.ts';
import { type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const DONE = { done: true, waitSeconds: 0 };
const TO_TOKYO = { [SINGAPORE]: 0, [TOKYO]: 100 };
const TENTH = { [SINGAPORE]: 10, [TOKYO]: 90 };

const write = (world: StepWorld, input: StepInput, weights = TO_TOKYO) =>
  createWriteRecords(world.context())({ ...input, weights });
const check = (world: StepWorld, input: StepInput, changeId: string | null) =>
  createCheckRecords(world.context())({ ...input, records: { changeId } });

describe('write-records', () => {
  it('writes the weights of the state in one batch, keeps them for the next deployment, and says the records agree', async () => {
    const world = stepWorld();
    const input = await world.open();
    await world.setState({ weights: TO_TOKYO, recordsPending: true });
    expect(await createWriteRecords(world.context())(input)).toEqual({ changeId: 'C1' });
    expect([world.ports.records.weightOf(SINGAPORE), world.ports.records.weightOf(TOKYO)]).toEqual([0, 100]);
    expect(Object.fromEntries(world.ports.records.parameters)).toEqual(TO_TOKYO);
    expect(await world.state()).toMatchObject({
      recordsPending: false,
      recordsWrittenAtEpochMs: world.ports.clock.nowMs,
    });
    expect((await world.lines(input, 'write-records'))[0]).toMatchObject({
      outcome: 'done',
      detail: { changeId: 'C1', weights: TO_TOKYO },
    });
  });

  it('takes new weights into the state first', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    world.ports.records.failures.apply = noAnswer();
    await expect(write(world, input, TENTH)).rejects.toMatchObject({ retryable: true });
    expect(await world.state()).toMatchObject({ weights: TENTH, recordsPending: true });
    expect(world.ports.records.weightOf(TOKYO)).toBe(0);
  });

  it.each(['list', 'apply', 'lostAnswer'] as const)(
    'leaves the records pending where %s gets no answer, and finishes when run again',
    async (failure) => {
      const world = stepWorld();
      const input = await world.open();
      world.ports.records.failures[failure] = noAnswer();
      await expect(write(world, input)).rejects.toMatchObject({ name: 'TransientPlatformError', retryable: true });
      expect((await world.state()).recordsPending).toBe(true);
      await write(world, input);
      expect((await world.state()).recordsPending).toBe(false);
      expect(world.ports.records.weightOf(TOKYO)).toBe(100);
      expect(world.ports.records.batches).toHaveLength(1);
    },
  );

  it('has nothing to change the second time', async () => {
    const world = stepWorld();
    const input = await world.open();
    await write(world, input);
    expect(await write(world, input)).toEqual({ changeId: null });
    expect(world.ports.records.batches).toHaveLength(1);
  });

  it('is refused where a newer operation has written the zone', async () => {
    const world = stepWorld();
    const input = await world.open();
    const others = world.ports.records.live.filter(({ Name }) => Name !== names.epochRecord(world.config));
    world.ports.records.live = [...others, epochRecord(world.config, { epoch: 2, sequence: 1 })];
    await expect(write(world, input)).rejects.toMatchObject({ name: 'RecordsRefusedError', retryable: false });
    expect(await world.lines(input, 'write-records')).toMatchObject([
      { outcome: 'refused', detail: { code: 'newer-epoch' } },
    ]);
    expect(world.ports.records.weightOf(TOKYO)).toBe(0);
  });

  it('is refused where records are missing', async () => {
    const world = stepWorld();
    const input = await world.open();
    world.ports.records.live = world.ports.records.live.filter(({ SetIdentifier }) => SetIdentifier !== TOKYO);
    await expect(write(world, input)).rejects.toMatchObject({ name: 'RecordsRefusedError' });
    expect((await world.lines(input, 'write-records'))[0]?.detail).toMatchObject({ code: 'missing-records' });
  });
});

describe('check-records', () => {
  it('waits for INSYNC, then for one TTL and 5 s', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    const { changeId } = await write(world, input);
    world.ports.records.inSync = false;
    expect(await check(world, input, changeId)).toEqual({ done: false, waitSeconds: 2 });
    expect(await world.lines(input, 'check-records')).toEqual([]);
    world.ports.clock.pass(20);
    world.ports.records.inSync = true;
    expect(await check(world, input, changeId)).toEqual({ done: false, waitSeconds: 65 });
    world.ports.clock.pass(64);
    expect(await check(world, input, changeId)).toEqual({ done: false, waitSeconds: 1 });
    world.ports.clock.pass(1);
    expect(await check(world, input, changeId)).toEqual(DONE);
    expect(await world.lines(input, 'check-records')).toHaveLength(1);
  });

  it('counts from when the records were written, where the zone agreed already', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    await world.setState({ recordsWrittenAtEpochMs: world.ports.clock.nowMs - 60_000 });
    expect(await check(world, input, null)).toEqual({ done: false, waitSeconds: 5 });
    world.ports.clock.pass(5);
    expect(await check(world, input, null)).toEqual(DONE);
  });

  it('counts from now where nobody wrote down when that was', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    await world.setState({ recordsWrittenAtEpochMs: null });
    expect(await check(world, input, null)).toEqual({ done: false, waitSeconds: 65 });
  });

  it('does not take the wait for an earlier write for that of a rung whose answer was lost', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    await write(world, input);
    world.ports.clock.pass(600);
    const settled = await write(world, input);
    await check(world, input, settled.changeId);
    world.ports.clock.pass(600);
    world.ports.records.failures.lostAnswer = noAnswer();
    await expect(write(world, input, TENTH)).rejects.toThrow();
    const { changeId } = await write(world, input, TENTH);
    expect(changeId).toBeNull();
    expect(await check(world, input, changeId)).toEqual({ done: false, waitSeconds: 65 });
  });

  it('passes on that Route 53 gives no answer', async () => {
    const world = stepWorld();
    const input = await world.open('failback');
    world.ports.records.isInSync = () => Promise.reject(noAnswer());
    await expect(check(world, input, 'C1')).rejects.toMatchObject({ name: 'TransientPlatformError' });
    expect(await world.lines(input, 'check-records')).toEqual([]);
  });
});
