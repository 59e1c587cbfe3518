import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ContractHealth } from '../../../core/health/contract.ts';
import { compareDocuments } from '../../../core/parity/compare-documents.ts';
import { type ItemResult, needsComparison, parityItems } from '../../../core/parity/items.ts';
import { brokenSince, judgeParity, type ParitySight } from '../../../core/parity/judge-parity.ts';
import { isComparisonDue, type ParityRecord, withComparison } from '../../../core/parity/parity-record.ts';
import storefront from '../../../switchyard.config.ts';
import { SEOUL, SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const contract = { expected: {} };
const withParity = (parity: object, changes: object = { contract }) =>
  resolveConfig({ ...storefront, ...changes, parity });
const REVISIONS = withParity({ revisions: ['index_hash', 'model_tag', 'secrets_rev'] });
const BLOBS = withParity({ blobs: [{ name: 'media', bucket: 'media-{region}' }] });
const DEDUPE = withParity({ dedupe: {} });

const TOLD = { index_hash: 'i1', model_tag: 'm1', secrets_rev: 's1' };
const WARM = { 'dedupe-store': { status: 'passed', warm: true } } as const;
const documentOf = (region: string, fields: Partial<ContractHealth> = {}) => ({
  region,
  document: { status: 'passed', checks: WARM, ...TOLD, ...fields } as ContractHealth,
});
const recordOf = (fields: Partial<ParityRecord> = {}): ParityRecord => ({
  target: TOKYO,
  source: SINGAPORE,
  triedAtEpochMs: NOW,
  items: [],
  unknownSince: {},
  sourceRevisions: TOLD,
  revisionsSeenAtEpochMs: NOW,
  passes: {},
  ...fields,
});
const result = (fields: Partial<ItemResult> = {}): ItemResult => ({
  item: 'blobs:media',
  verdict: 'equal',
  reasons: [],
  comparedAtEpochMs: NOW,
  ...fields,
});
const sightOf = (fields: Partial<ParitySight> = {}): ParitySight => ({
  source: SINGAPORE,
  target: documentOf(TOKYO),
  record: recordOf(),
  sourceHeardUntilEpochMs: NOW,
  nowEpochMs: NOW,
  ...fields,
});

describe('what is compared', () => {
  it('is the revisions that the config expects, unless it names others or none', () => {
    expect(parityItems(storefront)).toEqual(['index', 'revisions']);
    expect(parityItems(REVISIONS)).toEqual(['index', 'revisions']);
    expect(parityItems(withParity({}))).toEqual([]);
    expect(parityItems(withParity({ revisions: [] }, {}))).toEqual([]);
    expect(parityItems(withParity({ revisions: ['model_tag'] }))).toEqual(['revisions']);
  });

  it('is on where its input is configured', () => {
    const all = withParity({ blobs: BLOBS.parity.blobs, goldProbes: { path: '/gold' }, dedupe: {} });
    expect(parityItems(all)).toEqual(['blobs:media', 'gold-probes', 'dedupe-store']);
  });

  it('needs a comparison between Regions but for revisions that observers hold every Region to', () => {
    expect(needsComparison(storefront)).toBe(false);
    expect(needsComparison(withParity({}))).toBe(false);
    expect([REVISIONS, BLOBS, DEDUPE].map(needsComparison)).toEqual([true, true, true]);
    expect(needsComparison(withParity({ revisions: ['index_hash', 'model_tag'] }, {}))).toBe(true);
  });
});

describe('two documents', () => {
  const compare = (source: object, target: object, config = REVISIONS) =>
    compareDocuments(config, { source: documentOf(SINGAPORE, source), target: documentOf(TOKYO, target) }, NOW);

  it('are equal where every revision is exactly equal', () => {
    expect(compare({}, {})).toEqual([result({ item: 'index' }), result({ item: 'revisions' })]);
  });

  it('differ by every revision that does, each named with both values', () => {
    expect(compare({}, { index_hash: 'i2', model_tag: 'M1', secrets_rev: undefined })).toMatchObject([
      { item: 'index', verdict: 'different', reasons: [`index_hash is "i1" in ${SINGAPORE} and "i2" in ${TOKYO}`] },
      {
        item: 'revisions',
        verdict: 'different',
        reasons: [
          `model_tag is "m1" in ${SINGAPORE} and "M1" in ${TOKYO}`,
          `secrets_rev is "s1" in ${SINGAPORE} and null in ${TOKYO}`,
        ],
      },
    ]);
  });

  it('are not equal where neither tells a revision, or one is not there', () => {
    expect(compare({ index_hash: undefined }, { index_hash: undefined })[0]).toMatchObject({
      verdict: 'unknown',
      reasons: [`index_hash is told by neither ${SINGAPORE} nor ${TOKYO}`],
    });
    const missing = { region: TOKYO, missing: 'no answer: gone' };
    expect(compareDocuments(REVISIONS, { source: documentOf(SINGAPORE), target: missing }, NOW)[0]).toMatchObject({
      verdict: 'unknown',
      reasons: [`${TOKYO}: no answer: gone`],
    });
  });

  it.each([
    { store: { status: 'passed', warm: true }, verdict: 'equal' },
    { store: { status: 'passed', warm: false }, verdict: 'different', says: /dedupe-store in ap-northeast-1 is cold/ },
    { store: { status: 'passed' }, verdict: 'unknown', says: /does not say whether it is warm/ },
    { store: { status: 'passed', warm: 'yes' }, verdict: 'unknown', says: /does not say whether it is warm/ },
    {
      store: { status: 'failed', warm: true, reason: 'timeout' },
      verdict: 'different',
      says: /is not reached \(timeout\)/,
    },
    { store: { status: 'unknown' }, verdict: 'unknown', says: /is not reported/ },
    { store: undefined, verdict: 'unknown', says: /is not reported/ },
  ])('with a dedupe store of $store are $verdict', ({ store, verdict, says }) => {
    const checks = store === undefined ? {} : { 'dedupe-store': store };
    const [found] = compare({}, { checks }, DEDUPE);
    expect(found).toMatchObject({ item: 'dedupe-store', verdict });
    if (says !== undefined) expect(found?.reasons).toEqual([expect.stringMatching(says)]);
  });
});

describe('a target whose source cannot be asked', () => {
  it('passes by the last comparison and its own word, and every item is told', () => {
    const { reasons, items } = judgeParity(REVISIONS, sightOf());
    expect(reasons).toEqual([]);
    expect(items).toMatchObject([
      { item: 'index', verdict: 'equal' },
      { item: 'revisions', verdict: 'equal' },
    ]);
  });

  it('does not pass with another revision than the source was last seen with', () => {
    const target = documentOf(TOKYO, { model_tag: 'm2', index_hash: 'i2' });
    expect(judgeParity(REVISIONS, sightOf({ target })).reasons).toEqual([
      `parity of index is broken: index_hash is "i1" in ${SINGAPORE} and "i2" in ${TOKYO}`,
      `parity of revisions is broken: model_tag is "m1" in ${SINGAPORE} and "m2" in ${TOKYO}`,
    ]);
  });

  it('leaves revisions that the config expects to the contract gate, with the verdict on record', () => {
    const target = documentOf(TOKYO, { schema_rev: '2026-11-03', index_hash: 'another' });
    const { reasons, items } = judgeParity(storefront, sightOf({ target, record: undefined }));
    expect(reasons).toEqual([]);
    expect(items).toMatchObject([
      { item: 'index', verdict: 'different', reasons: [expect.stringContaining('in the config and "another"')] },
      { item: 'revisions', verdict: 'equal' },
    ]);
  });

  it.each([
    { what: 'never compared', record: undefined, says: 'index_hash of ap-southeast-1 was never compared' },
    { what: 'compared with another Region', record: recordOf({ source: SEOUL }), says: 'was never compared' },
    {
      what: 'compared too long ago',
      record: recordOf({ revisionsSeenAtEpochMs: NOW - 31 * MINUTE }),
      says: 'was last compared 31 min before the source was last heard of, 30 are allowed',
    },
  ])('does not pass where it was $what, unless the config lets unknown pass', ({ record, says }) => {
    const { reasons } = judgeParity(REVISIONS, sightOf({ record }));
    expect(reasons).toContainEqual(expect.stringMatching(new RegExp(`^parity of index is unknown: .*${says}`)));
    const lenient = { ...REVISIONS, parity: { ...REVISIONS.parity, whenUnknown: 'allow' as const } };
    const allowed = judgeParity(lenient, sightOf({ record }));
    expect(allowed.reasons).toEqual([]);
    expect(allowed.notes).toContainEqual(expect.stringContaining(says));
  });

  it.each([
    { minutes: 30, passes: true },
    { minutes: 30.01, passes: false },
  ])(
    'is judged by a listing compared $minutes min before the source was last heard of: $passes',
    ({ minutes, passes }) => {
      const items = [result({ comparedAtEpochMs: NOW - minutes * MINUTE })];
      // However long the source has been dark since: it changes nothing any more.
      const sight = sightOf({ record: recordOf({ items }), nowEpochMs: NOW + 600 * MINUTE });
      expect(judgeParity(BLOBS, sight).reasons).toHaveLength(passes ? 0 : 1);
    },
  );

  it('does not pass with a difference, however old, and tells every one', () => {
    const items = [result({ verdict: 'different', reasons: ['"a" is gone', '"b" is gone'], comparedAtEpochMs: 0 })];
    const lenient = { ...BLOBS, parity: { ...BLOBS.parity, whenUnknown: 'allow' as const } };
    expect(judgeParity(lenient, sightOf({ record: recordOf({ items }) })).reasons).toEqual([
      'parity of blobs:media is broken: "a" is gone',
      'parity of blobs:media is broken: "b" is gone',
    ]);
  });

  it('tells why the newest tries said nothing', () => {
    const record = recordOf({
      items: [result({ comparedAtEpochMs: NOW - 60 * MINUTE })],
      unknownSince: { 'blobs:media': ['AccessDenied'] },
    });
    expect(judgeParity(BLOBS, sightOf({ record })).reasons).toEqual([
      expect.stringMatching(/^parity of blobs:media is unknown: .*60 min.*\(AccessDenied\)$/),
    ]);
  });

  it('needs a warm dedupe store now, and one that both Regions reached when they were compared', () => {
    const judged = (store: object, compared: Partial<ItemResult>) =>
      judgeParity(
        DEDUPE,
        sightOf({
          target: documentOf(TOKYO, { checks: { 'dedupe-store': { status: 'passed', ...store } } }),
          record: recordOf({ items: [result({ item: 'dedupe-store', ...compared })] }),
        }),
      ).reasons;
    expect(judged({ warm: true }, {})).toEqual([]);
    expect(judged({ warm: false }, {})).toEqual([`parity of dedupe-store is broken: dedupe-store in ${TOKYO} is cold`]);
    expect(judged({ warm: true }, { verdict: 'different', reasons: ['Singapore lost it'] })).toEqual([
      'parity of dedupe-store is broken: Singapore lost it',
    ]);
  });
});

describe('what has come apart since', () => {
  const items = [
    result({ verdict: 'different', reasons: ['"a" is gone'], comparedAtEpochMs: 10 }),
    result({ item: 'gold-probes', verdict: 'unknown', reasons: ['no answer'], comparedAtEpochMs: 10 }),
  ];

  it.each([
    { since: 9, found: 1 },
    { since: 10, found: 1 },
    { since: 11, found: 0 },
  ])('$since is what differed in a comparison since then, and not what is unknown', ({ since, found }) => {
    const reasons = brokenSince(recordOf({ items }), { source: SINGAPORE, sinceEpochMs: since });
    expect(reasons).toEqual(found === 1 ? ['parity of blobs:media is broken: "a" is gone'] : []);
  });

  it('is nothing where nothing was compared with that Region', () => {
    expect(brokenSince(undefined, { source: SINGAPORE, sinceEpochMs: 0 })).toEqual([]);
    expect(brokenSince(recordOf({ items }), { source: SEOUL, sinceEpochMs: 0 })).toEqual([]);
  });
});

describe('the record of comparisons', () => {
  const on = ['blobs:media', 'gold-probes'];
  const comparison = (items: readonly ItemResult[], fields: object = {}) => ({
    target: TOKYO,
    source: SINGAPORE,
    triedAtEpochMs: NOW,
    items,
    passes: {},
    ...fields,
  });

  it('keeps what a comparison before has said where this one says nothing', () => {
    const before = recordOf({ items: [result({ comparedAtEpochMs: 1 })] });
    const silent = result({ verdict: 'unknown', reasons: ['no answer'] });
    const after = withComparison(before, comparison([silent]), on);
    expect(after.items).toEqual([result({ comparedAtEpochMs: 1 })]);
    expect(after.unknownSince).toEqual({ 'blobs:media': ['no answer'] });
    expect(after).toMatchObject({ sourceRevisions: TOLD, revisionsSeenAtEpochMs: NOW });
    expect(withComparison(after, comparison([result()]), on)).toMatchObject({ items: [result()], unknownSince: {} });
  });

  it('keeps what was not looked at, and forgets what the config no longer asks for', () => {
    const before = recordOf({
      items: [result(), result({ item: 'dedupe-store' })],
      unknownSince: { 'blobs:media': ['x'] },
    });
    const after = withComparison(before, comparison([result({ item: 'gold-probes' })]), on);
    expect(after.items.map(({ item }) => item)).toEqual(on);
    expect(after.unknownSince).toEqual({ 'blobs:media': ['x'] });
  });

  it('begins anew with another source', () => {
    const before = recordOf({ source: SEOUL, items: [result()] });
    const silent = result({ verdict: 'unknown', reasons: ['no answer'] });
    expect(withComparison(before, comparison([silent]), on)).toMatchObject({
      items: [silent],
      sourceRevisions: {},
      revisionsSeenAtEpochMs: null,
    });
  });

  it.each([
    { minutes: 4.4, due: false },
    { minutes: 4.5, due: true },
    { minutes: 5, due: true },
  ])('is due again after $minutes min of 5: $due', ({ minutes, due }) => {
    const at = { source: SINGAPORE, everyMinutes: 5, nowEpochMs: NOW + minutes * MINUTE };
    expect(isComparisonDue(recordOf(), at)).toBe(due);
    expect(isComparisonDue(undefined, at)).toBe(true);
    expect(isComparisonDue(recordOf({ source: SEOUL }), at)).toBe(true);
  });
});
