import { describe, expect, it } from 'vitest';
import { classify, type SideState } from '../../../core/reconcile/classify.ts';
import type { Policy, RepairSides, Tier } from '../../../core/reconcile/entity.ts';
import { type Ruling, resolve } from '../../../core/reconcile/resolve.ts';
import { CUT, REGIONS } from '../../_helpers/reconcile-tables.ts';

const NOTHING: SideState = { row: undefined, tombstone: undefined };
const LAST_WRITER = { tier: 'eventual', policy: 'last-writer-wins' } as const;
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

interface Circumstances {
  readonly cutEpochMs?: number | null;
  readonly tier?: Tier;
  /** Since when both sides know their deletions. */
  readonly since?: number | null;
  /** When the row was made. */
  readonly made?: number | null;
  readonly repair?: RepairSides;
}

function rule(policy: Policy, name: string, circumstances: Circumstances = {}): Ruling {
  const { cutEpochMs = CUT, tier = 'eventual', since = null, made = null, repair = 'both-sides' } = circumstances;
  const [source, target] = (CASES[name] ?? [NOTHING, NOTHING]).map((state) => ({
    ...state,
    row: state.row && { ...state.row, createdAtEpochMs: made },
    tombstonesSinceEpochMs: since,
  }));
  if (source === undefined || target === undefined) throw new Error(`${name} is no case`);
  const states = { source, target };
  const classified = classify(states, cutEpochMs);
  if (classified === undefined) throw new Error(`${name} is no difference`);
  return resolve({ tier, policy }, { classified, states, regions: REGIONS, cutEpochMs, repair });
}

function ruling(policy: Policy, name: string, circumstances: Circumstances = {}): string {
  const ruled = rule(policy, name, circumstances);
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
    const unknown = { cutEpochMs: null };
    expect(ruling('manual', 'source changed it', unknown)).toBe('unresolved');
    expect(ruling('manual', 'source deleted it', unknown)).toBe('unresolved');
    expect(ruling('manual', 'only target has it', unknown)).toBe('unresolved');
    expect(ruling('manual', 'only target has it', { ...unknown, since: CUT })).toBe('target');
    expect(ruling('manual', 'only target has it', { ...unknown, since: CUT + 1 })).toBe('unresolved');
    expect(ruling('last-writer-wins', 'source changed it', unknown)).toBe('source');
  });

  const CAREFUL = ['manual', 'last-writer-wins', 'merge'] as const;

  it('is to ask a person, in Tier 1, where a deletion before the cut may have left no trace', () => {
    const name = 'only target has it, from before';
    for (const policy of CAREFUL) {
      expect(ruling(policy, name, { tier: 'critical' })).toBe('unresolved');
      expect(ruling(policy, name, { tier: 'critical', since: CUT - 4 })).toBe('unresolved');
      expect(ruling(policy, name, { tier: 'critical', since: CUT - 5 })).toBe('target');
    }
    expect(ruling('last-writer-wins', name)).toBe('target');
    expect(ruling('manual', name)).toBe('unresolved');
  });

  it('takes no deletions for known of a row that does not say when it was written', () => {
    for (const since of [null, CUT - 100]) {
      expect(ruling('manual', 'only source has it, without a time', { tier: 'critical', since })).toBe('unresolved');
    }
    expect(ruling('last-writer-wins', 'only source has it, without a time')).toBe('source');
  });

  it('is to ask a person, in Tier 1, where nothing says that a row is new', () => {
    for (const policy of CAREFUL) {
      for (const name of ['only source has it', 'only target has it']) {
        const side = name === 'only source has it' ? 'source' : 'target';
        expect(ruling(policy, name, { tier: 'critical' })).toBe('unresolved');
        expect(ruling(policy, name, { tier: 'critical', since: CUT + 1 })).toBe('unresolved');
        expect(ruling(policy, name, { tier: 'critical', since: CUT })).toBe(side);
        expect(ruling(policy, name, { tier: 'critical', made: CUT })).toBe(side);
      }
    }
    expect(ruling('manual', 'only target has it')).toBe('target');
  });

  it('leaves a row of the source where it is, where nothing is written in the target', () => {
    const sourceOnly = { tier: 'critical', repair: 'source-only' } as const;
    expect(ruling('manual', 'only source has it', sourceOnly)).toBe('source');
    expect(ruling('manual', 'only target has it', sourceOnly)).toBe('unresolved');
    expect(ruling('manual', 'only source has it', { ...sourceOnly, made: CUT - 1 })).toBe('unresolved');
  });

  it('takes a row from before the cut that the other side has no longer for deleted there', () => {
    const old = { made: CUT - 1 };
    expect(ruling('manual', 'only target has it', old)).toBe('unresolved');
    expect(ruling('manual', 'only target has it', { ...old, since: CUT })).toBe('target');
    expect(ruling('last-writer-wins', 'only target has it', { ...old, tier: 'critical' })).toBe('unresolved');
    expect(ruling('last-writer-wins', 'only target has it', old)).toBe('target');
    expect(ruling('merge', 'only target has it', old)).toBe('target');
  });

  it.each([
    ['only target has it', {}, 'and nothing says when it was made (createdColumn)'],
    ['only target has it', { made: CUT - 1 }, 'since before the Regions parted, and changed it afterwards'],
    ['only target has it, from before', {}, 'since before the Regions parted'],
    ['only target has it', { cutEpochMs: null }, 'perhaps since before the Regions parted'],
  ])('says why a missing row is left to a person: %s, %j', (name, circumstances, why) => {
    expect(rule('manual', name, { tier: 'critical', ...circumstances })).toEqual({
      kind: 'unresolved',
      reason: `only ap-southeast-1 has it, ${why}: ap-northeast-1 may have deleted it`,
    });
  });

  it('is to carry over what was put back after its deletion', () => {
    for (const tier of ['critical', 'eventual'] as const) {
      expect(ruling('manual', 'put back in target before the cut', { tier, since: CUT - 9 })).toBe('target');
    }
  });

  it('goes by the id of the Region, not by the side, where both wrote at one moment', () => {
    const states = { source: row('a', CUT), target: row('b', CUT) };
    const dispute = { classified: { class: 'conflict', changedIn: 'both' }, states, cutEpochMs: CUT } as const;
    const regions = { source: 'eu-west-1', target: 'eu-central-1' };
    expect(resolve(LAST_WRITER, { ...dispute, regions, repair: 'both-sides' })).toEqual({
      kind: 'take',
      side: 'target',
    });
  });

  it('says why it leaves a difference to a person', () => {
    const states = { source: row('a', null), target: row('b', CUT) };
    const classified = { class: 'conflict', changedIn: 'unknown' } as const;
    expect(
      resolve(LAST_WRITER, { classified, states, regions: REGIONS, cutEpochMs: CUT, repair: 'both-sides' }),
    ).toEqual({
      kind: 'unresolved',
      reason: 'the version in ap-northeast-1 does not say when it was written',
    });
  });
});
