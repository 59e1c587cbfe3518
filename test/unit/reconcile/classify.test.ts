import { describe, expect, it } from 'vitest';
import { classify, type SideState, stampOf } from '../../../core/reconcile/classify.ts';
import { CUT } from '../../_helpers/reconcile-tables.ts';

const KEY = ['1'];
const NOTHING: SideState = { row: undefined, tombstone: undefined };

function row(digest: string, modifiedAtEpochMs: number | null): SideState {
  return { row: { key: KEY, digest, columns: {}, modifiedAtEpochMs }, tombstone: undefined };
}

function deleted(deletedAtEpochMs: number): SideState {
  return { row: undefined, tombstone: { key: KEY, deletedAtEpochMs } };
}

const [BEFORE, AFTER] = [CUT - 1, CUT + 1];

describe('the class of a difference', () => {
  it.each([
    ['equal rows, whatever their times', row('a', BEFORE), row('a', AFTER), undefined, undefined],
    ['nothing on either side', NOTHING, deleted(AFTER), undefined, undefined],
    ['a change in source', row('a', AFTER), row('b', BEFORE), 'mismatch', 'source'],
    ['a change in target', row('a', BEFORE), row('b', AFTER), 'mismatch', 'target'],
    ['a change at the moment of the cut', row('a', CUT), row('b', CUT - 1), 'mismatch', 'source'],
    ['a change in neither', row('a', BEFORE), row('b', CUT - 1), 'mismatch', 'neither'],
    ['changes in both', row('a', AFTER), row('b', CUT), 'conflict', 'both'],
    ['a row that does not say when', row('a', null), row('b', BEFORE), 'conflict', 'unknown'],
    ['a row that does not say when, in target', row('a', AFTER), row('b', null), 'conflict', 'unknown'],
    ['a row that target never had', row('a', AFTER), NOTHING, 'missing-in-target', 'source'],
    ['a row that source never had', NOTHING, row('a', BEFORE), 'missing-in-source', 'neither'],
    ['a row without a time that source never had', NOTHING, row('a', null), 'missing-in-source', 'unknown'],
    ['a deletion in source', deleted(CUT), row('a', BEFORE), 'deleted', 'source'],
    ['a deletion in target', row('a', BEFORE), deleted(AFTER), 'deleted', 'target'],
    ['a deletion against a change', deleted(AFTER), row('a', CUT), 'conflict', 'both'],
    ['a deletion against a row that does not say when', deleted(AFTER), row('a', null), 'conflict', 'unknown'],
    ['a deletion before the cut that did not arrive', deleted(CUT - 1), row('a', CUT - 2), 'deleted', 'neither'],
    [
      'a deletion before the cut, a row put back since',
      deleted(CUT - 1),
      row('a', AFTER),
      'missing-in-source',
      'target',
    ],
    [
      'a deletion, and a row put back, before the cut',
      row('a', CUT - 1),
      deleted(CUT - 1),
      'missing-in-target',
      'neither',
    ],
  ] as const)('%s', (_, source, target, name, changedIn) => {
    expect(classify({ source, target }, CUT)).toEqual(name === undefined ? undefined : { class: name, changedIn });
  });

  it.each([
    ['a mismatch', row('a', AFTER), row('b', BEFORE), 'conflict'],
    ['a deletion', deleted(AFTER), row('a', BEFORE), 'conflict'],
    ['a missing row', row('a', AFTER), NOTHING, 'missing-in-target'],
  ] as const)(
    'of %s is judged without knowing who changed it where nobody knows the cut',
    (_, source, target, name) => {
      expect(classify({ source, target }, null)).toEqual({ class: name, changedIn: 'unknown' });
    },
  );
});

describe('a row that one side only has', () => {
  const made = (createdAtEpochMs: number | null, modifiedAtEpochMs: number): SideState => ({
    row: { key: KEY, digest: 'a', columns: {}, modifiedAtEpochMs, createdAtEpochMs },
    tombstone: undefined,
  });
  const knownSince = (tombstonesSinceEpochMs: number | null): SideState => ({ ...NOTHING, tombstonesSinceEpochMs });

  it.each([
    ['was there before the cut and changed since', made(BEFORE, AFTER), knownSince(null), 'conflict', 'unknown'],
    ['was made at the cut', made(CUT, AFTER), knownSince(null), 'missing-in-target', 'source'],
    ['does not say when it was made', made(null, AFTER), knownSince(null), 'missing-in-target', 'source'],
    ['is unchanged since the cut', made(BEFORE, BEFORE), knownSince(null), 'missing-in-target', 'neither'],
    ['is old, with deletions known since the cut', made(BEFORE, AFTER), knownSince(CUT), 'missing-in-target', 'source'],
    ['is old, with deletions known later', made(BEFORE, AFTER), knownSince(CUT + 1), 'conflict', 'unknown'],
  ] as const)('and that %s', (_, source, target, name, changedIn) => {
    expect(classify({ source, target }, CUT)).toEqual({ class: name, changedIn });
    const mirrored = { 'missing-in-target': 'missing-in-source', conflict: 'conflict' } as const;
    const other = changedIn === 'source' ? 'target' : changedIn;
    expect(classify({ source: target, target: source }, CUT)).toEqual({ class: mirrored[name], changedIn: other });
  });
});

describe('a stamp', () => {
  it('says how a side stands and nothing of its content', () => {
    expect(stampOf(row('a', AFTER))).toEqual({ kind: 'row', digest: 'a', modifiedAtEpochMs: AFTER });
    expect(stampOf(deleted(AFTER))).toEqual({ kind: 'tombstone', deletedAtEpochMs: AFTER });
    expect(stampOf(NOTHING)).toEqual({ kind: 'nothing' });
  });
});
