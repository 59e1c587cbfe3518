import { guardiansOf } from '../../../core/config/accessors.ts';
import { names } from '../../../core/config/names.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import type { EvacuationSwitch, RecordStore } from '../../../core/ports.ts';
import { compileRecordTree } from '../../../core/routing/compile/index.ts';
import type { ResourceRecordSet } from '../../../core/routing/record-set.ts';
import { homeWeights } from '../../../core/routing/weights.ts';
import { SINGAPORE } from '../coordination-samples.ts';

/** Guardians with their objects: which wards each keeps out, and under which epoch. */
export interface FakeSwitch extends EvacuationSwitch {
  /** Epochs by `guardian/ward`. */
  readonly objects: Map<string, number>;
  /** Guardians that do not answer. */
  readonly down: Set<string>;
  /** Wards that some guardian keeps out. */
  evacuated(): readonly string[];
}

export function fakeSwitch(config: ResolvedConfig): FakeSwitch {
  const objects = new Map<string, number>();
  const down = new Set<string>();
  const act = (ward: string, epoch: number, change: (key: string) => void) =>
    Promise.resolve(
      guardiansOf(config, ward).map((guardian) => {
        const key = `${guardian}/${ward}`;
        if (down.has(guardian)) return { guardian, done: false, reason: 'TimeoutError: no answer' };
        if ((objects.get(key) ?? 0) > epoch) return { guardian, done: false, reason: 'set under a newer epoch' };
        change(key);
        return { guardian, done: true };
      }),
    );
  return {
    objects,
    down,
    evacuated: () => [...new Set([...objects.keys()].map((key) => key.split('/')[1] ?? ''))].toSorted(),
    evacuate: (ward, epoch, spared) => {
      const isHeld = guardiansOf(config, ward).some((guardian) => guardian !== spared && !down.has(guardian));
      const letsGo = (key: string): boolean => isHeld && key.startsWith(`${spared}/`);
      return act(ward, epoch, (key) => void (letsGo(key) ? objects.delete(key) : objects.set(key, epoch)));
    },
    admit: (ward, epoch) => act(ward, epoch, (key) => objects.delete(key)),
    tidy: (ward, epoch) => act(ward, epoch, (key) => objects.delete(key)),
  };
}

/** The zone of the config, with batches that are taken whole or not at all. */
export interface FakeRecords extends RecordStore {
  live: readonly ResourceRecordSet[];
  /** Comments of the batches that went in. */
  readonly batches: string[];
  readonly parameters: Map<string, number>;
  inSync: boolean;
  /** Thrown by the next call of that method, once; `lostAnswer` by an `apply` that has gone in. */
  readonly failures: { list?: Error; apply?: Error; keepWeights?: Error; lostAnswer?: Error; isServing?: Error };
  /** Since when Route 53 sees the check of a Region healthy, epoch ms. */
  readonly serving: Map<string, number>;
  weightOf(region: string): number | undefined;
}

export function fakeRecords(config: ResolvedConfig): FakeRecords {
  const deployment = { account: '111122223333', partition: 'aws' };
  const failures: FakeRecords['failures'] = {};
  const failOnce = (method: keyof FakeRecords['failures']): void => {
    const error = failures[method];
    delete failures[method];
    if (error !== undefined) throw error;
  };
  const fake: FakeRecords = {
    live: compileRecordTree(config, deployment, homeWeights(config, SINGAPORE)).records,
    batches: [],
    parameters: new Map(),
    inSync: true,
    failures,
    serving: new Map(),
    weightOf: (region) =>
      fake.live.find(({ Name, SetIdentifier }) => Name === names.liveRecord(config) && SetIdentifier === region)
        ?.Weight,
    list: async (recordNames) => {
      failOnce('list');
      return fake.live.filter(({ Name }) => recordNames.includes(Name));
    },
    apply: async (changes, comment) => {
      failOnce('apply');
      fake.live = changes.reduce<readonly ResourceRecordSet[]>((zone, { Action, ResourceRecordSet: wanted }) => {
        const same = (other: ResourceRecordSet): boolean =>
          other.Name === wanted.Name && other.Type === wanted.Type && other.SetIdentifier === wanted.SetIdentifier;
        const found = zone.find(same);
        if (Action === 'CREATE' && found !== undefined) throw refusedBatch(`${wanted.Name} exists`);
        if (Action === 'DELETE' && JSON.stringify(found) !== JSON.stringify(wanted))
          throw refusedBatch(`${wanted.Name} is not as given`);
        const others = zone.filter((other) => !same(other));
        return Action === 'DELETE' ? others : [...others, wanted];
      }, fake.live);
      fake.batches.push(comment);
      failOnce('lostAnswer');
      return `C${fake.batches.length}`;
    },
    isInSync: async () => fake.inSync,
    isServing: async (region, sinceEpochMs) => {
      failOnce('isServing');
      return (fake.serving.get(region) ?? Number.NEGATIVE_INFINITY) >= sinceEpochMs;
    },
    keepWeights: async (weights) => {
      failOnce('keepWeights');
      for (const { setIdentifier, weight } of weights) fake.parameters.set(setIdentifier, weight);
    },
  };
  return fake;
}

function refusedBatch(why: string): Error {
  return Object.assign(new Error(why), { name: 'InvalidChangeBatch' });
}
