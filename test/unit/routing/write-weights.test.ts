import { describe, expect, it } from 'vitest';
import { createMemoryCoordination, type MemoryCoordination } from '../../../adapters/memory/memory-coordination.ts';
import { names } from '../../../core/config/names.ts';
import type { Clock, RecordStore } from '../../../core/ports.ts';
import type { Change } from '../../../core/routing/change-batch.ts';
import { compileRecordTree } from '../../../core/routing/compile/index.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import type { DesiredWeight } from '../../../core/routing/weights.ts';
import { writeStateWeights } from '../../../core/routing/write-weights.ts';
import { DEPLOYMENT, SINGAPORE, TOKYO, testConfig } from '../../_helpers/config.ts';
import { NOW } from '../../_helpers/observations.ts';

const config = testConfig();
const AWAY = { [SINGAPORE]: 0, [TOKYO]: 100 };
const LIVE = names.liveRecord(config);
const clock: Clock = { nowEpochMs: () => NOW, sleep: () => Promise.resolve() };

interface Zone extends RecordStore {
  readonly listed: string[][];
  readonly batches: { readonly changes: readonly Change[]; readonly comment: string }[];
  readonly kept: (readonly DesiredWeight[])[];
}

/** A zone that lists the records of a deployment at home and takes every batch. */
function zone({ apply, keep }: { apply?: () => Promise<string>; keep?: () => Promise<never> } = {}): Zone {
  const { records } = compileRecordTree(config, DEPLOYMENT, { [SINGAPORE]: 100, [TOKYO]: 0 });
  let live: readonly ResourceRecordSet[] = records;
  const listed: string[][] = [];
  const batches: Zone['batches'] = [];
  const kept: Zone['kept'] = [];
  return {
    listed,
    batches,
    kept,
    list: async (wanted) => {
      listed.push([...wanted]);
      return live.filter(({ Name }) => wanted.includes(Name));
    },
    apply: async (changes, comment) => {
      await apply?.();
      batches.push({ changes, comment });
      const changed = changes.map(({ ResourceRecordSet: record }) => `${record.Name} ${record.SetIdentifier}`);
      live = [
        ...live.filter(({ Name, SetIdentifier }) => !changed.includes(`${Name} ${SetIdentifier}`)),
        ...changes.flatMap(({ Action, ResourceRecordSet: record }) => (Action === 'DELETE' ? [] : [record])),
      ];
      return `change-${batches.length}`;
    },
    isInSync: async () => true,
    isServing: async () => true,
    keepWeights: async (weights) => {
      await keep?.();
      kept.push(weights);
    },
  };
}

function shifted(): MemoryCoordination {
  return createMemoryCoordination(testConfig(), { epoch: 4, weights: AWAY, recordsPending: true });
}

describe('writing the weights of a state', () => {
  it('changes the zone, keeps the weights for the next deployment and says that nothing is pending', async () => {
    const [records, coordination] = [zone(), shifted()];
    const outcome = await writeStateWeights(config, { records, coordination, clock }, coordination.state);
    expect(outcome).toEqual({ kind: 'written', changeId: 'change-1' });
    expect(records.listed).toEqual([[LIVE, names.epochRecord(config)]]);
    expect(records.batches[0]?.comment).toBe('switchyard storefront epoch 4');
    expect(records.kept).toEqual([
      [
        { name: LIVE, setIdentifier: SINGAPORE, weight: 0 },
        { name: LIVE, setIdentifier: TOKYO, weight: 100 },
      ],
    ]);
    expect(coordination.state).toMatchObject({ recordsPending: false, recordsWrittenAtEpochMs: NOW });
  });

  it('a second time changes nothing more, and confirms what the first may not have', async () => {
    const [records, coordination] = [zone(), shifted()];
    const before = coordination.state;
    await writeStateWeights(config, { records, coordination: shifted(), clock }, before);
    const outcome = await writeStateWeights(config, { records, coordination, clock }, before);
    expect(outcome).toEqual({ kind: 'unchanged' });
    expect(records.batches).toHaveLength(1);
    expect(coordination.state.recordsPending).toBe(false);
  });

  it('for an operation that another has followed is refused, and nothing is confirmed', async () => {
    const [records, coordination] = [zone(), shifted()];
    const old = { ...coordination.state, epoch: 3 };
    await writeStateWeights(config, { records, coordination: shifted(), clock }, coordination.state);
    expect(await writeStateWeights(config, { records, coordination, clock }, old)).toMatchObject({
      kind: 'refused',
      code: 'newer-epoch',
    });
    expect(records.batches).toHaveLength(1);
    expect(coordination.state.recordsPending).toBe(true);
  });

  it('leaves pending what the zone does not take', async () => {
    const records = zone({ apply: () => Promise.reject(new Error('control plane')) });
    const coordination = shifted();
    await expect(writeStateWeights(config, { records, coordination, clock }, coordination.state)).rejects.toThrow();
    expect(records.kept).toEqual([]);
    expect(coordination.state.recordsPending).toBe(true);
  });

  it('confirms the records though the weights for the next deployment cannot be kept, and says that they are not', async () => {
    const records = zone({ keep: () => Promise.reject(new Error('dark')) });
    const coordination = shifted();
    const outcome = await writeStateWeights(config, { records, coordination, clock }, coordination.state);
    expect(outcome.kind).toBe('written');
    expect(coordination.state).toMatchObject({ recordsPending: false, weightsPending: true });
    await writeStateWeights(config, { records: zone(), coordination, clock }, coordination.state);
    expect(coordination.state).toMatchObject({ recordsPending: false, weightsPending: false });
  });

  it('does not confirm weights that have changed meanwhile', async () => {
    const [records, coordination] = [zone(), shifted()];
    const read = coordination.state;
    await coordination.transition({ expect: {}, set: { weights: { [SINGAPORE]: 10, [TOKYO]: 90 } } });
    await writeStateWeights(config, { records, coordination, clock }, read);
    expect(coordination.state.recordsPending).toBe(true);
  });
});
