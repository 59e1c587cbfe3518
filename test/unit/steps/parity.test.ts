import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { HttpAnswer } from '../../../core/ports.ts';
import { createCheckParity } from '../../../lambdas/check-parity/check-parity.ts';
import { createCompareRegions } from '../../../lambdas/compare-regions/compare-regions.ts';
import { createValidateTarget } from '../../../lambdas/validate-target/validate-target.ts';
import { SINGAPORE, TOKYO } from '../../_helpers/coordination-samples.ts';
import { blob } from '../../_helpers/steps/fake-blobs.ts';
import { FAILED, FAILED_OVER, NO_DATA, type StepWorld, stepWorld } from '../../_helpers/steps/step-world.ts';

const config = resolveConfig({
  ...NO_DATA,
  parity: {
    revisions: ['index_hash', 'model_tag'],
    blobs: [{ name: 'media', bucket: 'media-{region}', prefix: 'img/' }],
    goldProbes: { path: '/gold', questions: 2 },
    dedupe: {},
  },
});
const OLD = ['img/a', 'img/b', 'img/c', 'other'].map((key) => blob(key));
const GOOD = {
  status: 'passed',
  index_hash: 'i1',
  model_tag: 'm1',
  checks: { 'dedupe-store': { status: 'passed', warm: true } },
};

/** Two Regions that hold the same, until a test says otherwise of a front door or a bucket. */
function twoRegions(given = config) {
  const world = stepWorld(given);
  const documents = new Map<string, object>([
    ['singapore', GOOD],
    ['tokyo', GOOD],
  ]);
  const vectors = new Map<string, readonly number[]>([
    ['singapore', [1, 0]],
    ['tokyo', [1, 0]],
  ]);
  const dark = new Set<string>();
  world.ports.http.answer = (url): HttpAnswer => {
    const { hostname, pathname } = new URL(url);
    const city = hostname.split('.')[0] ?? '';
    if (dark.has(city)) return { answered: false, reason: 'no answer within 2000 ms' };
    const body = pathname === '/gold' ? { vector: vectors.get(city) } : documents.get(city);
    return { answered: true, status: 200, body: JSON.stringify(body) };
  };
  for (const region of [SINGAPORE, TOKYO]) world.ports.blobs.buckets.set(`media-${region}`, OLD);
  const compare = createCompareRegions(world.context(TOKYO));
  const record = async () => (await world.ports.coordination.readSituation()).parity[0];
  return { world, documents, vectors, dark, compare, record };
}

const ITEMS = ['index', 'revisions', 'blobs:media', 'gold-probes', 'dedupe-store'];

describe('compare-regions', () => {
  it('keeps what each item has come to, and asks again only when it is due', async () => {
    const { world, compare, record } = twoRegions();
    expect(await compare()).toEqual({ compared: 'everything' });
    expect(await record()).toMatchObject({
      target: TOKYO,
      source: SINGAPORE,
      items: ITEMS.map((item) => ({ item, verdict: 'equal', reasons: [] })),
      sourceRevisions: { index_hash: 'i1', model_tag: 'm1' },
      passes: {},
    });
    const asked = world.ports.http.asked.length;
    world.ports.clock.pass(240);
    expect(await compare()).toEqual({ compared: 'not-due' });
    expect(world.ports.http.asked).toHaveLength(asked);
    world.ports.clock.pass(60);
    expect(await compare()).toEqual({ compared: 'everything' });
  });

  it('leaves the Region that serves alone, and does nothing where nothing has to be compared', async () => {
    const { world } = twoRegions();
    expect(await createCompareRegions(world.context(SINGAPORE))()).toEqual({ compared: 'not-mine' });
    const plain = stepWorld();
    expect(await createCompareRegions(plain.context(TOKYO))()).toEqual({ compared: 'not-mine' });
    expect([...world.ports.http.asked, ...plain.ports.http.asked]).toEqual([]);
  });

  it('compares the Region that serves a failback once the writer has left it, and not before', async () => {
    const { world, compare, record } = twoRegions();
    const serves = { activeRegion: TOKYO, phase: 'FAILING_BACK' } as const;
    await world.setState({ ...serves, writerRegion: TOKYO });
    expect(await compare()).toEqual({ compared: 'not-mine' });
    await world.setState({ writerRegion: null });
    expect(await compare()).toEqual({ compared: 'not-mine' });
    await world.setState({ writerRegion: SINGAPORE });
    expect(await compare()).toEqual({ compared: 'everything' });
    expect(await record()).toMatchObject({ target: TOKYO, source: SINGAPORE });
  });

  it('names every difference, and none hides another', async () => {
    const { world, documents, vectors, compare, record } = twoRegions();
    documents.set('tokyo', {
      ...GOOD,
      index_hash: 'i2',
      checks: { 'dedupe-store': { status: 'passed', warm: false } },
    });
    vectors.set('tokyo', [0, 1]);
    world.ports.blobs.buckets.set(`media-${TOKYO}`, OLD.slice(1));
    await compare();
    expect((await record())?.items.filter(({ verdict }) => verdict === 'different')).toMatchObject([
      { item: 'index', reasons: [expect.stringContaining('"i2"')] },
      { item: 'blobs:media', reasons: ['"img/a" is missing in the target'] },
      {
        item: 'gold-probes',
        reasons: [expect.stringContaining('question 1: drift'), expect.stringContaining('question 2')],
      },
      { item: 'dedupe-store', reasons: [expect.stringContaining('is cold')] },
    ]);
  });

  it('publishes in every minute for how many reasons a failover would be refused', async () => {
    const { world, documents, compare } = twoRegions();
    await compare();
    documents.set('tokyo', { ...GOOD, index_hash: 'i2', model_tag: 'm2' });
    world.ports.clock.pass(300);
    await compare();
    world.ports.clock.pass(60);
    expect(await compare()).toEqual({ compared: 'not-due' });
    expect(world.ports.telemetry.measured).toEqual(
      [0, 2, 2].map((reasons) => ({ region: TOKYO, values: { 'parity.differences': reasons } })),
    );
    expect(world.ports.telemetry.lines.map(({ what }) => what)).toEqual(['regions differ', 'regions differ']);
  });

  it('goes on with a listing that is too long for one run, without asking for the rest again', async () => {
    const { world, compare, record } = twoRegions();
    world.ports.blobs.pageSize = 1;
    world.ports.blobs.onPage = () => world.ports.clock.pass(20);
    await compare();
    expect((await record())?.passes).toMatchObject({ media: { after: 'img/a', compared: 1, isDone: false } });
    expect((await record())?.items.map(({ item }) => item)).not.toContain('blobs:media');
    const asked = world.ports.http.asked.length;
    expect(await compare()).toEqual({ compared: 'went-on' });
    world.ports.blobs.onPage = () => undefined;
    await compare();
    expect(world.ports.http.asked).toHaveLength(asked);
    expect(await record()).toMatchObject({ passes: {} });
    expect((await record())?.items.find(({ item }) => item === 'blobs:media')).toMatchObject({
      verdict: 'equal',
      notes: ['3 objects compared, 0 too young to be judged'],
    });
  });

  it('takes an object that is just being deleted for a difference only when it stays for the time of a copy', async () => {
    const { world, compare, record } = twoRegions();
    world.ports.blobs.buckets.set(`media-${SINGAPORE}`, OLD.slice(1));
    const verdict = async () => (await record())?.items.find(({ item }) => item === 'blobs:media')?.verdict;
    for (const _ of [0, 5, 10]) {
      await compare();
      expect(await verdict()).toBe('equal');
      world.ports.clock.pass(300);
    }
    await compare();
    expect(await verdict()).toBe('different');
    world.ports.blobs.buckets.set(`media-${TOKYO}`, OLD.slice(1));
    world.ports.clock.pass(300);
    await compare();
    expect(await verdict()).toBe('equal');
    expect((await record())?.alone).toEqual({});
  });

  it('does not know whether two buckets without an object are right', async () => {
    const { world, compare, record } = twoRegions();
    for (const region of [SINGAPORE, TOKYO]) world.ports.blobs.buckets.set(`media-${region}`, OLD.slice(3));
    await compare();
    expect((await record())?.items.find(({ item }) => item === 'blobs:media')).toMatchObject({
      verdict: 'unknown',
      reasons: ['no key begins with "img/" in either bucket'],
    });
  });

  it.each([
    { copied: 3, verdict: 'unknown', told: ['all of 3 objects differ, and are too young to be judged'] },
    { copied: 2, verdict: 'equal', told: ['most objects differ, and nothing says yet that their copies arrive'] },
    { copied: 1, verdict: 'equal', told: [] },
  ])('tells of $copied objects of 3 that have not arrived yet', async ({ copied, verdict, told }) => {
    const { world, compare, record } = twoRegions();
    const young = OLD.slice(0, copied).map((entry) => ({ ...entry, modifiedAtEpochMs: world.ports.clock.nowMs }));
    world.ports.blobs.buckets.set(`media-${SINGAPORE}`, [...young, ...OLD.slice(copied)]);
    world.ports.blobs.buckets.set(`media-${TOKYO}`, OLD.slice(copied));
    await compare();
    const item = (await record())?.items.find((result) => result.item === 'blobs:media');
    expect(item?.verdict).toBe(verdict);
    expect([...(item?.reasons ?? []), ...(item?.notes ?? []).slice(1)]).toEqual(told);
  });

  it('keeps the last word on a source that went dark meanwhile', async () => {
    const { world, dark, compare, record } = twoRegions();
    await compare();
    const before = await record();
    dark.add('singapore');
    world.ports.blobs.buckets.delete(`media-${SINGAPORE}`);
    world.ports.clock.pass(300);
    await compare();
    const after = await record();
    expect(after?.items).toEqual(before?.items);
    expect(after?.sourceRevisions).toEqual(before?.sourceRevisions);
    expect(Object.keys(after?.unknownSince ?? {})).toEqual(ITEMS);
  });
});

describe('validate-target, where Regions are compared', () => {
  const validating = async (regions: ReturnType<typeof twoRegions>, request = {}) => {
    const { world, dark } = regions;
    dark.add('singapore');
    const input = await world.open('failover', request);
    await world.observe(TOKYO);
    await world.observe(SINGAPORE, { all: { ...FAILED, sinceEpochMs: world.ports.clock.nowMs } });
    const output = await createValidateTarget(world.context())(input);
    const [line] = await world.lines(input, 'validate-target');
    return { output, line };
  };

  it('passes by the last comparison, and the result of every item is in the event record', async () => {
    const regions = twoRegions();
    await regions.compare();
    const { output, line } = await validating(regions);
    expect(output).toEqual({ passed: true, reasons: [] });
    expect(line?.detail['parity']).toMatchObject(ITEMS.map((item) => ({ item, verdict: 'equal' })));
  });

  it('asks nothing of the source, and the target once', async () => {
    const regions = twoRegions();
    await regions.compare();
    regions.world.ports.http.asked.length = 0;
    await validating(regions);
    expect(regions.world.ports.http.asked).toEqual([
      { url: 'https://tokyo.storefront.example/health/deep', timeoutMs: 2000 },
    ]);
  });

  it('refuses a target that was never compared, with the reason of every item', async () => {
    const { output, line } = await validating(twoRegions());
    expect(output.passed).toBe(false);
    expect(output.reasons).toEqual([
      `parity of index is unknown: index_hash of ${SINGAPORE} was never compared`,
      `parity of revisions is unknown: model_tag of ${SINGAPORE} was never compared`,
      `parity of blobs:media is unknown: never compared with ${SINGAPORE}`,
      `parity of gold-probes is unknown: never compared with ${SINGAPORE}`,
      `parity of dedupe-store is unknown: never compared with ${SINGAPORE}`,
    ]);
    expect(line).toMatchObject({
      outcome: 'refused',
      detail: { parity: ITEMS.map((item) => ({ item, verdict: 'unknown' })) },
    });
  });

  it('refuses a target that has got another model since, and lists it as skipped in an emergency', async () => {
    for (const mode of ['manual', 'emergency'] as const) {
      const regions = twoRegions();
      await regions.compare();
      regions.documents.set('tokyo', { ...GOOD, model_tag: 'm2' });
      const { output, line } = await validating(regions, { mode });
      expect(output.passed).toBe(mode === 'emergency');
      const reasons = [`parity of revisions is broken: model_tag is "m1" in ${SINGAPORE} and "m2" in ${TOKYO}`];
      expect(output.reasons).toEqual(reasons);
      expect(line?.detail['skippedGates']).toEqual(mode === 'emergency' ? reasons : undefined);
    }
  });
});

describe('check-parity', () => {
  const checking = async ({ world }: ReturnType<typeof twoRegions>, request: Parameters<StepWorld['open']>[1] = {}) => {
    const input = await world.open('failback', request);
    const output = await createCheckParity(world.context(SINGAPORE))(input);
    const [line] = await world.lines(input, 'check-parity');
    return { output, line };
  };

  it('asks both Regions afresh, whatever was compared before', async () => {
    const { output, line } = await checking(twoRegions());
    expect(output).toEqual({ passed: true, reasons: [] });
    expect(line).toMatchObject({
      outcome: 'done',
      detail: { parity: ITEMS.map((item) => ({ item, verdict: 'equal' })) },
    });
  });

  it('refuses with every reason', async () => {
    const regions = twoRegions();
    regions.documents.set('singapore', { ...GOOD, index_hash: 'i0' });
    regions.world.ports.blobs.buckets.set(`media-${SINGAPORE}`, []);
    const { output, line } = await checking(regions);
    expect(output.passed).toBe(false);
    expect(output.reasons).toEqual([
      `parity of index is broken: index_hash is "i1" in ${TOKYO} and "i0" in ${SINGAPORE}`,
      'parity of blobs:media is broken: "img/a" is missing in the target',
      'parity of blobs:media is broken: "img/b" is missing in the target',
      'parity of blobs:media is broken: "img/c" is missing in the target',
    ]);
    expect(line).toMatchObject({ outcome: 'refused', detail: { reasons: output.reasons } });
  });

  it.each([
    { lookedBefore: true, passed: false },
    { lookedBefore: false, passed: true },
  ])(
    'knows by the schedule how long an object has been there alone: refused $lookedBefore',
    async ({ lookedBefore, passed }) => {
      const regions = twoRegions();
      const { world } = regions;
      world.ports.blobs.buckets.set(`media-${TOKYO}`, OLD.slice(1));
      await world.setState({ ...FAILED_OVER, recordsWrittenAtEpochMs: 0 });
      if (lookedBefore) await createCompareRegions(world.context(SINGAPORE))();
      world.ports.clock.pass(900);
      expect((await checking(regions)).output.passed).toBe(passed);
    },
  );

  it('goes by the schedule where a listing is too long for it', async () => {
    const regions = twoRegions();
    const { world } = regions;
    await world.setState({ ...FAILED_OVER, recordsWrittenAtEpochMs: 0 });
    world.ports.blobs.pageSize = 1;
    world.ports.blobs.onPage = () => world.ports.clock.pass(20);
    const { output } = await checking(regions);
    expect(output.reasons).toEqual([`parity of blobs:media is unknown: never compared with ${TOKYO}`]);
  });

  it('is skipped by an emergency, which reads no listing, with what stands in the way on record', async () => {
    const regions = twoRegions();
    regions.vectors.set('singapore', [0, 1]);
    let pages = 0;
    regions.world.ports.blobs.onPage = () => {
      pages += 1;
    };
    const { output, line } = await checking(regions, { mode: 'emergency' });
    expect(output.passed).toBe(true);
    expect(output.reasons).toHaveLength(3);
    expect(line).toMatchObject({ outcome: 'skipped', detail: { skippedGates: output.reasons } });
    expect(pages).toBe(0);
  });

  it('has nothing to judge where the config names nothing', async () => {
    const { output, line } = await checking(twoRegions(NO_DATA));
    expect(output).toEqual({ passed: true, reasons: [] });
    expect(line).toMatchObject({ outcome: 'skipped' });
  });
});
