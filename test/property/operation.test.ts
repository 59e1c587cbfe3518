import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMemoryCoordination, type MemoryCoordination } from '../../adapters/memory/memory-coordination.ts';
import { lostOrDoubled } from '../_helpers/operation-stories/history.ts';
import { type CreateTable, play } from '../_helpers/operation-stories/play.ts';
import { STORY_CONFIG, type Stage } from '../_helpers/operation-stories/stage.ts';
import { anyStory, type Story } from '../_helpers/operation-stories/story.ts';

/** What no moment may show: two Regions that may commit, or one that may under an epoch older than a proven fence. */
function wrongNow({ fences, history }: Stage): readonly string[] {
  const writable = fences.flatMap(({ region, fence }) => {
    const epoch = fence.writableEpoch();
    return epoch === undefined ? [] : [{ region, epoch }];
  });
  const stale = writable.filter(({ epoch }) => epoch < history.provenEpoch());
  return [
    ...(writable.length > 1 ? [`two writers: ${writable.map(({ region }) => region).join(' and ')}`] : []),
    ...stale.map(({ region, epoch }) => `${region} commits under epoch ${epoch}, which is fenced`),
  ];
}

/** Everything that a story shows and must not. */
async function wrongIn(story: Story, playing: typeof play, createTable?: CreateTable): Promise<readonly string[]> {
  const seen = new Set<string>();
  const look = (stage: Stage): void => {
    for (const wrong of wrongNow(stage)) seen.add(wrong);
  };
  const { history, table } = await playing(story, look, createTable);
  return [...seen, ...history.broken, ...lostOrDoubled(table, history)];
}

const SEED = 1;
const RUNS = 400;

describe('two operators, three observers and a writer in each Region, in any order, with any crash', () => {
  it('never have two holders, a reused epoch, a lost event or a commit by a fenced writer', async () => {
    await fc.assert(
      fc.asyncProperty(anyStory, async (story) => {
        expect(await wrongIn(story, play)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('come to every end there is', async () => {
    const ends = new Set<string>();
    for (const story of fc.sample(anyStory, { seed: SEED, numRuns: RUNS })) {
      for (const [name, end] of (await play(story)).ends)
        ends.add(`${name.startsWith('by-') ? 'asked' : 'automatic'} ${end}`);
    }
    expect([...ends]).toEqual(
      expect.arrayContaining([
        'asked SUCCEEDED',
        'automatic FAILED',
        'asked held',
        'asked stopped',
        'asked OperationRefusedError',
        'asked OperationLostError',
        'automatic SUCCEEDED',
        'automatic OperationRefusedError',
      ]),
    );
  });
});

/** What some story shows where a rule is broken: the first thing wrong of each kind, by its words. */
async function shownBy(playing: typeof play, createTable?: CreateTable): Promise<string> {
  const property = fc.asyncProperty(anyStory, async (story) => {
    const wrong = await wrongIn(story, playing, createTable);
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  });
  const { failed, errorInstance } = await fc.check(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
  return failed ? (errorInstance as Error).message : 'nothing';
}

/** A table that breaks a rule. */
function broken(change: (table: MemoryCoordination) => Partial<MemoryCoordination>): CreateTable {
  return () => {
    const table = createMemoryCoordination(STORY_CONFIG);
    const { state: _, ...methods } = table;
    return Object.defineProperty({ ...methods, ...change(table) } as MemoryCoordination, 'state', {
      get: () => table.state,
    });
  };
}

describe('the stories find a table', () => {
  it('that does not judge who asks', async () => {
    const careless = broken((table) => ({
      transition: ({ expect: { operationId: _, epoch: __, ...rest }, set }) => table.transition({ expect: rest, set }),
    }));
    expect(await shownBy(play, careless)).toMatch(/changes what .* holds|two holders|is used again/);
  });

  it('that writes a line over another', async () => {
    const forgetful = broken((table) => ({
      appendEvent: async (operationId, position, event) => {
        const length = (await table.readOperation(operationId))?.events.length ?? 0;
        // Says that it has written, and has not.
        return position < length ? true : table.appendEvent(operationId, position, event);
      },
    }));
    expect(await shownBy(play, forgetful)).toMatch(/lost a line/);
  });
});

describe('the stories find a rule that is broken', () => {
  afterEach(() => {
    vi.doUnmock('../../core/operation/transitions.ts');
    vi.doUnmock('../../core/operation/write-lease.ts');
    vi.resetModules();
  });

  const TRANSITIONS = '../../core/operation/transitions.ts';
  const WRITE_LEASE = '../../core/operation/write-lease.ts';
  type Transitions = typeof import('../../core/operation/transitions.ts');
  type WriteLease = typeof import('../../core/operation/write-lease.ts');

  /** By modules as they are mocked by now. */
  async function shownNow(): Promise<string> {
    return shownBy((await import('../_helpers/operation-stories/play.ts')).play);
  }

  it.each<{ what: string; shows: RegExp; change: (real: Transitions) => Partial<Transitions> }>([
    {
      what: 'an application that is held is opened all the same',
      shows: /two holders/,
      change: ({ openOperation }) => ({
        // By then every lease is over.
        openOperation: (state, opening) => openOperation(state, { ...opening, nowEpochMs: Number.MAX_SAFE_INTEGER }),
      }),
    },
    {
      what: 'opening does not raise the epoch',
      shows: /is used again/,
      change: ({ openOperation }) => ({
        openOperation: (state, opening) => {
          const outcome = openOperation(state, opening);
          return 'code' in outcome ? outcome : { ...outcome, set: { ...outcome.set, epoch: state.epoch } };
        },
      }),
    },
    {
      what: 'a lease is extended by whoever comes',
      shows: /changes what .* holds/,
      change: ({ extendLease }) => ({ extendLease: (...given) => ({ ...extendLease(...given), expect: {} }) }),
    },
  ])('$what', async ({ shows, change }) => {
    vi.resetModules();
    vi.doMock(TRANSITIONS, async (original) => {
      const real = await original<Transitions>();
      return { ...real, ...change(real) };
    });
    expect(await shownNow()).toMatch(shows);
  });

  it.each<{ what: string; proveFence: (real: WriteLease) => WriteLease['proveFence'] }>([
    {
      what: 'a fence is believed at once',
      proveFence: () => () => ({ fenced: true, by: 'lease-expired' }),
    },
    {
      what: 'a fence allows for no clock that is off',
      proveFence:
        ({ proveFence, WRITE_LEASE: { clockMarginMs } }) =>
        (state, nowEpochMs) =>
          proveFence(state, nowEpochMs + 2 * clockMarginMs),
    },
  ])('$what', async ({ proveFence }) => {
    vi.resetModules();
    vi.doMock(WRITE_LEASE, async (original) => {
      const real = await original<WriteLease>();
      return { ...real, proveFence: proveFence(real) };
    });
    expect(await shownNow()).toMatch(/two writers|commits under epoch/);
  });
});
