import { describe, expect, it } from 'vitest';
import { createMemoryCoordination, type MemoryCoordination } from '../../../adapters/memory/memory-coordination.ts';
import { createJournal, type Journal, openJournal } from '../../../core/operation/journal.ts';
import { findEvent } from '../../../core/operation/operation-record.ts';
import { raiseWriterEpoch } from '../../../core/operation/transitions.ts';
import type { Clock } from '../../../core/ports.ts';
import { testConfig } from '../../_helpers/config.ts';
import { NOW } from '../../_helpers/observations.ts';
import { eventOf, recordOf } from '../../_helpers/operations.ts';

const OPERATION = { epoch: 1, operationId: 'storefront-1-manual' };
const clock: Clock = { nowEpochMs: () => NOW, sleep: () => Promise.resolve() };
const LIMITS = { timeoutSeconds: 15, longestWaitSeconds: 30 };

async function heldTable(): Promise<MemoryCoordination> {
  const table = createMemoryCoordination(testConfig(), { ...OPERATION, leaseExpiresAtEpochMs: NOW + 1 });
  await table.createOperation(recordOf());
  return table;
}

function open(coordination: MemoryCoordination, step = 'fence-source'): Promise<Journal> {
  return openJournal({ coordination, clock, operation: OPERATION, step, limits: LIMITS });
}

describe('opening the log for a step', () => {
  it('extends the lease over the step, the longest wait after it and a minute', async () => {
    const table = await heldTable();
    await open(table);
    expect(table.state.leaseExpiresAtEpochMs).toBe(NOW + (15 + 30 + 60) * 1000);
  });

  it('hands on the record and whom the operation is held by', async () => {
    const { record, holder } = await open(await heldTable());
    expect(record).toEqual(recordOf());
    expect(holder).toEqual(OPERATION);
  });

  it.each([
    { what: 'an older epoch', state: { epoch: 0 } },
    { what: 'another operation under a newer epoch', state: { epoch: 2, operationId: 'other' } },
    { what: 'another operation', state: { operationId: 'other' } },
    { what: 'nobody', state: { operationId: null } },
  ])('fails where the application is held by $what, and extends nothing', async ({ state }) => {
    const table = createMemoryCoordination(testConfig(), { ...OPERATION, ...state, leaseExpiresAtEpochMs: NOW + 1 });
    await table.createOperation(recordOf());
    await expect(open(table)).rejects.toMatchObject({ name: 'OperationLostError', code: 'OPERATION_LOST' });
    expect(table.state.leaseExpiresAtEpochMs).toBe(NOW + 1);
  });

  it('goes on under the epoch that the operation itself has taken meanwhile', async () => {
    const table = createMemoryCoordination(testConfig(), { ...OPERATION, epoch: 3, leaseExpiresAtEpochMs: NOW + 1 });
    await table.createOperation(recordOf());
    const journal = await open(table);
    expect(journal.holder).toEqual({ epoch: 3, operationId: OPERATION.operationId });
    expect(table.state.leaseExpiresAtEpochMs).toBeGreaterThan(NOW + 1);
    await journal.change(raiseWriterEpoch(journal.holder, 3));
    expect(journal.holder.epoch).toBe(4);
    expect((await journal.readState()).writerEpoch).toBe(4);
  });

  it('fails where there is no record of the operation', async () => {
    const table = createMemoryCoordination(testConfig(), { ...OPERATION, leaseExpiresAtEpochMs: NOW + 1 });
    await expect(open(table)).rejects.toMatchObject({ name: 'OperationLostError' });
  });
});

describe('the log of an operation', () => {
  it('gains lines at its end, each with its moment and its step', async () => {
    const table = await heldTable();
    const journal = await open(table, 'shift-traffic');
    await journal.add('waiting', { because: 'caches' });
    await journal.add('done');
    const added = [
      eventOf('shift-traffic', 'waiting', NOW, { because: 'caches' }),
      eventOf('shift-traffic', 'done', NOW, {}),
    ];
    expect(journal.record.events).toEqual([...recordOf().events, ...added]);
    expect(table.operations.get(OPERATION.operationId)?.events).toEqual(journal.record.events);
  });

  it('tells a step what it has recorded itself, the last of it, and how often', async () => {
    const journal = await open(await heldTable());
    expect(journal.find('done')).toEqual(eventOf('fence-source', 'done', NOW - 50_000));
    expect(journal.find('waiting')).toBeUndefined();
    await journal.add('waiting', { n: 1 });
    await journal.add('waiting', { n: 2 });
    expect(journal.find('waiting')?.detail).toEqual({ n: 2 });
    expect(journal.count('waiting')).toBe(2);
    expect(journal.count('done')).toBe(1);
  });

  it('tells nothing of other steps', async () => {
    const journal = await open(await heldTable(), 'shift-traffic');
    expect(journal.find('done')).toBeUndefined();
    expect(journal.count('done')).toBe(0);
    expect(findEvent(journal.record, 'fence-source', 'done')).toBeDefined();
  });

  it('loses no line where two write at once: the second is told to come again', async () => {
    const table = await heldTable();
    const [first, second] = [await open(table), await open(table)];
    await first.add('waiting', { by: 'first' });
    await expect(second.add('waiting', { by: 'second' })).rejects.toMatchObject({
      name: 'TransientPlatformError',
      retryable: true,
      message: 'line 2 of the log of storefront-1-manual is taken',
    });
    const events = table.operations.get(OPERATION.operationId)?.events ?? [];
    expect(events.map(({ detail }) => detail)).toEqual([{}, {}, { by: 'first' }]);
  });

  it('does not show a line that was not taken', async () => {
    const table = await heldTable();
    const journal = await open(table);
    await (await open(table)).add('waiting');
    await expect(journal.add('done')).rejects.toThrow();
    expect(journal.count('done')).toBe(1);
  });

  it('can be kept by one who does not hold the application, and does not touch the lease', async () => {
    const table = createMemoryCoordination(testConfig(), { operationId: null });
    const record = recordOf();
    await table.createOperation(record);
    await createJournal({ record, step: 'open-operation', coordination: table, clock }).add('refused');
    expect(table.operations.get(record.operationId)?.events).toHaveLength(3);
    expect(table.state.leaseExpiresAtEpochMs).toBeNull();
  });
});
