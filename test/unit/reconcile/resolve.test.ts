import { describe, expect, it } from 'vitest';
import { classify, type SideState } from '../../../core/reconcile/classify.ts';
import type { Entity, Policy } from '../../../core/reconcile/entity.ts';
import { resolve } from '../../../core/reconcile/resolve.ts';
import { CUT, REGIONS } from '../../_helpers/reconcile-tables.ts';

const NOTHING: SideState = { row: undefined, tombstone: undefined };
const LAST_WRITER = { tier: 'eventual', policy: 'last-writer-wins' } as const;
const TOMBSTONES = { tombstones: { table: 'orders_deleted', deletedColumn: 'deleted_at' } };
const OLD = row('old', CUT - 10);
const CASES: Readonly<Record<string, readonly [SideState, SideState]>> = {
  'only source has it': [row('a', CUT + 1), NOTHING],
  'only target has it': [NOTHING, row('a', CUT)],
  'only target has it, from before': [NOTHING, row('a', CUT - 5)],
  'only source has it, without a time': [row('a', null), NOTHING],
  'put back in target before the cut': [deleted(CUT - 9), row('a', CUT - 5)],
  'source changed it': [row('a', CUT + 1), OLD],
  'target changed it': [OLD, row('a', CUT + 1)],
  'it differed before': [row('a', CUT - 1), OLD],
  'both changed it, target later': [row('a', CUT + 1), row('b', CUT + 2)],
  'both changed it at one moment': [row('a', CUT + 1), row('b', CUT + 1)],
  'source does not say when': [row('a', null), row('b', CUT + 1)],
  'source deleted it': [deleted(CUT + 1), OLD],
  'target deleted it before the cut': [OLD, deleted(CUT - 1)],
  'source deleted it, target changed it later': [deleted(CUT + 1), row('b', CUT + 2)],
  'target deleted it after source changed it': [row('a', CUT + 1), deleted(CUT + 2)],
};

function row(digest: string, modifiedAtEpochMs: number | null): SideState {
  return { row: { key: ['1'], digest, columns: {}, modifiedAtEpochMs }, tombstone: undefined };
}

function deleted(deletedAtEpochMs: number): SideState {
  return { row: undefined, tombstone: { key: ['1'], deletedAtEpochMs } };
}

function ruling(policy: Policy, name: string, cutEpochMs: number | null = CUT, entity: Partial<Entity> = {}): string {
  const [source, target] = CASES[name] ?? [NOTHING, NOTHING];
  const states = { source, target };
  const classified = classify(states, cutEpochMs);
  if (classified === undefined) throw new Error(`${name} is no difference`);
  const ruled = resolve({ tier: 'eventual', policy, ...entity }, { classified, states, regions: REGIONS });
  return ruled.kind === 'take' ? ruled.side : ruled.kind;
}

describe('what the policies do', () => {
  it.each<[string, string, string, string]>([
    // [case, last-writer-wins, merge, manual]; Singapore is the target and comes after Tokyo by its id
    ['only source has it', 'source', 'source', 'source'],
    ['only target has it, from before', 'target', 'target', 'unresolved'],
    ['only target has it', 'target', 'target', 'target'],
    ['source changed it', 'source', 'merge', 'source'],
    ['target changed it', 'target', 'merge', 'target'],
    ['it differed before', 'source', 'merge', 'unresolved'],
    ['both changed it, target later', 'target', 'merge', 'unresolved'],
    ['both changed it at one moment', 'source', 'merge', 'unresolved'],
    ['source does not say when', 'unresolved', 'merge', 'unresolved'],
    ['source deleted it', 'source', 'source', 'source'],
    ['target deleted it before the cut', 'target', 'unresolved', 'unresolved'],
    ['source deleted it, target changed it later', 'target', 'unresolved', 'unresolved'],
    ['target deleted it after source changed it', 'target', 'unresolved', 'unresolved'],
  ])('%s', (name, lastWriterWins, merge, manual) => {
    expect(ruling('last-writer-wins', name)).toBe(lastWriterWins);
    expect(ruling('merge', name)).toBe(merge);
    expect(ruling('manual', name)).toBe(manual);
    expect(ruling('source-wins', name)).toBe('source');
    expect(ruling('target-wins', name)).toBe('target');
  });

  it('is to ask a person by manual where nobody knows when the Regions parted', () => {
    expect(ruling('manual', 'source changed it', null)).toBe('unresolved');
    expect(ruling('manual', 'source deleted it', null)).toBe('unresolved');
    expect(ruling('manual', 'only target has it', null)).toBe('unresolved');
    expect(ruling('manual', 'only target has it', null, TOMBSTONES)).toBe('target');
    expect(ruling('last-writer-wins', 'source changed it', null)).toBe('source');
  });

  it.each([
    ['only target has it, from before', 'target'],
    ['only source has it, without a time', 'source'],
  ])('is to ask a person, in Tier 1, where a deletion may have left no trace: %s', (name, side) => {
    for (const policy of ['manual', 'last-writer-wins', 'merge'] as const) {
      expect(ruling(policy, name, CUT, { tier: 'critical' })).toBe('unresolved');
      expect(ruling(policy, name, CUT, { tier: 'critical', ...TOMBSTONES })).toBe(side);
    }
    expect(ruling('last-writer-wins', name)).toBe(side);
    expect(ruling('manual', name)).toBe('unresolved');
  });

  it('is to carry over what was put back after its deletion', () => {
    expect(ruling('manual', 'put back in target before the cut', CUT, TOMBSTONES)).toBe('target');
  });

  it('goes by the id of the Region, not by the side, where both wrote at one moment', () => {
    const states = { source: row('a', CUT), target: row('b', CUT) };
    const dispute = { classified: { class: 'conflict', changedIn: 'both' }, states } as const;
    const regions = { source: 'eu-west-1', target: 'eu-central-1' };
    expect(resolve(LAST_WRITER, { ...dispute, regions })).toEqual({ kind: 'take', side: 'target' });
  });

  it('says why it leaves a difference to a person', () => {
    const states = { source: row('a', null), target: row('b', CUT) };
    const classified = { class: 'conflict', changedIn: 'unknown' } as const;
    expect(resolve(LAST_WRITER, { classified, states, regions: REGIONS })).toEqual({
      kind: 'unresolved',
      reason: 'the version in ap-northeast-1 does not say when it was written',
    });
  });
});
