import { describe, expect, it } from 'vitest';
import { createMemoryCoordination, type MemoryCoordination } from '../../../adapters/memory/memory-coordination.ts';
import { createWriteFence, StaleEpochError, type WriteFence } from '../../../client/write-fence.ts';
import { grantWriter, raiseWriterEpoch } from '../../../core/operation/transitions.ts';
import { proveFence } from '../../../core/operation/write-lease.ts';
import type { Coordination } from '../../../core/ports.ts';
import { SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { createVirtualTime, type VirtualTime } from '../../_helpers/virtual-time.ts';

const HOLDER = { epoch: 1, operationId: 'op-1' };

interface Scene {
  readonly time: VirtualTime;
  readonly table: MemoryCoordination;
  readonly fence: WriteFence;
  /** While true, no call of the Region is answered. */
  isolated: boolean;
}

/** A Region's writer beside a table that answers in 10 ms. */
function scene(region = SINGAPORE, intercept: Partial<Coordination> = {}): Scene {
  const time = createVirtualTime();
  const table = createMemoryCoordination(testConfig(), {
    epoch: 1,
    operationId: 'op-1',
    leaseExpiresAtEpochMs: 3_600_000,
  });
  const through = async <T>(call: () => Promise<T>): Promise<T> => {
    await time.after(here.isolated ? 2_000 : 5);
    if (here.isolated) throw new Error('timeout');
    const answer = await call();
    await time.after(5);
    return answer;
  };
  const coordination = {
    readState: () => through(intercept.readState ?? table.readState),
    transition: (transition: Parameters<Coordination['transition']>[0]) =>
      through(() => (intercept.transition ?? table.transition)(transition)),
  };
  const fence = createWriteFence({ region, holder: region, coordination, clock: time.clock() });
  const here: Scene = { time, table, fence, isolated: false };
  return here;
}

/** The same, with its writer running for a second. */
async function running(region = SINGAPORE): Promise<Scene> {
  const here = scene(region);
  void here.fence.run();
  await here.time.runUntil(1_000);
  return here;
}

describe('the write fence of the writer Region', () => {
  it('lets nothing be written before the first renewal is answered', async () => {
    const { fence, time } = scene();
    expect(fence.writableEpoch()).toBeUndefined();
    void fence.run();
    await time.runUntil(19);
    expect(fence.writableEpoch()).toBeUndefined();
    await time.runUntil(20);
    expect(fence.writableEpoch()).toBe(0);
  });

  it('lets writes be committed under the epoch of the lease', async () => {
    const { fence, table } = await running();
    expect(fence.assertWritable()).toBe(0);
    expect(table.state.writeLeaseExpiresAtEpochMs).toBe(20_000);
  });

  it('renews every 5 s, counted from before the renewal was sent', async () => {
    const { time, table, fence } = await running();
    await time.runUntil(60_000);
    expect(table.state.writeLeaseExpiresAtEpochMs).toBe(75_000);
    expect(fence.writableEpoch(69_999)).toBe(0);
    expect(fence.writableEpoch(70_000)).toBeUndefined();
  });

  it.each([
    { ms: 14_999, epoch: 0 },
    { ms: 15_000, epoch: undefined },
    { ms: 15_001, epoch: undefined },
  ])(
    'gives up by itself 15 s after its last renewal where the table does not answer: $ms ms',
    async ({ ms, epoch }) => {
      const here = await running();
      here.isolated = true;
      await here.time.runUntil(ms);
      expect(here.fence.writableEpoch()).toBe(epoch);
    },
  );

  it('takes its lease up again when the table answers again', async () => {
    const here = await running();
    here.isolated = true;
    await here.time.runUntil(40_000);
    here.isolated = false;
    await here.time.runUntil(50_000);
    expect(here.fence.writableEpoch()).toBe(0);
  });

  it('stops at once and says so when it learns of a newer epoch', async () => {
    const { time, table, fence } = await running();
    await table.transition(raiseWriterEpoch(HOLDER));
    await time.runUntil(6_000);
    expect(fence.writableEpoch()).toBeUndefined();
    expect(table.state.fenceAcknowledgedEpoch).toBe(1);
    expect(proveFence(table.state, time.now())).toMatchObject({ by: 'acknowledged' });
  });

  it('does not speak for the Region that writes after it', async () => {
    const { time, table, fence } = await running();
    await table.transition(raiseWriterEpoch(HOLDER));
    await time.runUntil(6_000);
    await table.transition(grantWriter(HOLDER, TOKYO));
    const lease = { writeLeaseExpiresAtEpochMs: 26_000, writeLeaseRegion: TOKYO };
    await table.transition({ expect: {}, set: { ...lease, epoch: 2, operationId: 'op-2' } });
    await table.transition(raiseWriterEpoch({ epoch: 2, operationId: 'op-2' }));
    await time.runUntil(20_000);
    expect(fence.writableEpoch()).toBeUndefined();
    expect(table.state.fenceAcknowledgedEpoch).toBe(1);
    expect(proveFence(table.state, time.now())).toEqual({ fenced: false, waitMs: 11_000 });
  });

  it('does not speak for another process of its Region, until what that one held has ended', async () => {
    const { time, table, fence } = await running();
    const other = createWriteFence({ region: SINGAPORE, holder: 'other', coordination: table, clock: time.clock() });
    void other.run();
    await time.runUntil(2_000);
    await table.transition(raiseWriterEpoch(HOLDER));
    await time.runUntil(6_000);
    expect([fence.writableEpoch(), other.writableEpoch()]).toEqual([undefined, undefined]);
    expect(table.state.fenceAcknowledgedEpoch).toBe(0);
    other.stop();
    fence.stop();
  });

  it('writes again under the new epoch where the right to commit comes back to it', async () => {
    const { time, table, fence } = await running();
    await table.transition(raiseWriterEpoch(HOLDER));
    await table.transition(grantWriter(HOLDER, SINGAPORE));
    await time.runUntil(6_000);
    expect(fence.writableEpoch()).toBe(1);
  });

  it('keeps what it holds and looks again where something came between its look and its renewal', async () => {
    const here = await running();
    const { time, table, fence } = here;
    const late = { expect: {}, set: { writeLeaseExpiresAtEpochMs: 19_000 } };
    void time.after(4_008).then(() => table.transition(late));
    await time.runUntil(5_015);
    expect(fence.writableEpoch()).toBe(0);
    await time.runUntil(5_040);
    expect(table.state.writeLeaseExpiresAtEpochMs).toBe(25_020);
  });

  it('finds a fence that came between its look and its renewal', async () => {
    const { time, table, fence } = await running();
    void time.after(4_008).then(() => table.transition(raiseWriterEpoch(HOLDER)));
    await time.runUntil(5_060);
    expect(fence.writableEpoch()).toBeUndefined();
    expect(table.state.fenceAcknowledgedEpoch).toBe(1);
  });

  it('runs no more once it is stopped, and lets its lease run out', async () => {
    const { time, table, fence } = await running();
    fence.stop();
    await time.runUntil(60_000);
    expect(table.state.writeLeaseExpiresAtEpochMs).toBe(20_000);
    expect(fence.writableEpoch()).toBeUndefined();
  });
});

describe('whether the coordination table is reached', () => {
  it('is not known before the table had the time to answer', async () => {
    const { fence, time } = scene();
    expect(fence.coordinationReachable()).toBe('unknown');
    void fence.run();
    await time.runUntil(9);
    expect(fence.coordinationReachable()).toBe('unknown');
    await time.runUntil(11);
    expect(fence.coordinationReachable()).toBe('reachable');
  });

  it.each([
    { ms: 14_999, says: 'unknown' },
    { ms: 15_000, says: 'unreachable' },
  ])('is said of a table that never answers only after 15 s: $ms ms', async ({ ms, says }) => {
    const here = scene();
    here.isolated = true;
    void here.fence.run();
    await here.time.runUntil(ms);
    expect(here.fence.coordinationReachable()).toBe(says);
  });

  it.each([
    { ms: 14_999, says: 'reachable', epoch: 0 },
    { ms: 15_000, says: 'unreachable', epoch: undefined },
  ])('ends when the last lease does: $ms ms', async ({ ms, says, epoch }) => {
    const here = await running();
    here.isolated = true;
    await here.time.runUntil(ms);
    expect(here.fence.coordinationReachable()).toBe(says);
    expect(here.fence.writableEpoch()).toBe(epoch);
  });

  it('is true again with the next answer', async () => {
    const here = await running();
    here.isolated = true;
    await here.time.runUntil(40_000);
    here.isolated = false;
    await here.time.runUntil(50_000);
    expect(here.fence.coordinationReachable()).toBe('reachable');
  });

  it('is known in a Region that only stands by', async () => {
    const { fence, time } = await running(TOKYO);
    await time.runUntil(60_000);
    expect(fence.coordinationReachable()).toBe('reachable');
  });
});

describe('the write fence of another Region', () => {
  it('lets nothing be written, and says so in an error that may pass', async () => {
    const { fence } = await running(TOKYO);
    expect(fence.writableEpoch()).toBeUndefined();
    expect(() => fence.assertWritable()).toThrow(StaleEpochError);
    expect(() => fence.assertWritable()).toThrow(
      expect.objectContaining({
        name: 'StaleEpochError',
        code: 'STALE_EPOCH',
        source: 'platform',
        retryable: true,
        context: { region: TOKYO },
      }),
    );
  });

  it('opens once the right to commit is granted to its Region', async () => {
    const { time, table, fence } = await running(TOKYO);
    await table.transition(raiseWriterEpoch(HOLDER));
    await table.transition(grantWriter(HOLDER, TOKYO));
    await time.runUntil(6_000);
    expect(fence.assertWritable()).toBe(1);
  });
});
