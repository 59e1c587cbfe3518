import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryCoordination, type MemoryCoordination } from '../../adapters/memory/memory-coordination.ts';
import { createWriteFence, type WriteFence } from '../../client/write-fence.ts';
import { grantWriter, raiseWriterEpoch, returnWriter } from '../../core/operation/transitions.ts';
import { proveFence, WRITE_LEASE } from '../../core/operation/write-lease.ts';
import type { Coordination } from '../../core/ports.ts';
import { SINGAPORE, TOKYO, testConfig } from '../_helpers/config.ts';
import { createVirtualTime, type VirtualTime } from '../_helpers/virtual-time.ts';

/** What becomes of one call to the table: when it is served, when the answer is back, and whether that is waited for. */
interface Call {
  readonly servedAfterMs: number;
  readonly answeredAfterMs: number;
  /** The caller has given up by then; the table serves the call all the same. */
  readonly givenUp: boolean;
}

/** One operation: it raises the fence, and either proves it and grants the target, or gives the right back. */
interface Move {
  readonly gapMs: number;
  readonly target: string;
  readonly rollsBackAfterMs: number | null;
  readonly grantsAfterMs: number;
}

interface Story {
  /** Of every process and of whoever proves the fence. */
  readonly skewsMs: readonly number[];
  readonly calls: readonly (readonly Call[])[];
  readonly moves: readonly Move[];
}

const PROCESSES = [
  { region: SINGAPORE, holder: 'first in Singapore' },
  { region: SINGAPORE, holder: 'second in Singapore' },
  { region: TOKYO, holder: 'first in Tokyo' },
];

const GIVES_UP_AFTER_MS = 2_000;

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ servedAfterMs: fc.nat(200), answeredAfterMs: fc.nat(200), givenUp: fc.constant(false) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ servedAfterMs: fc.nat(25_000), answeredAfterMs: fc.nat(10_000), givenUp: fc.boolean() }),
  },
);

const move: fc.Arbitrary<Move> = fc.record({
  gapMs: fc.nat(30_000),
  target: fc.constantFrom(SINGAPORE, TOKYO),
  rollsBackAfterMs: fc.option(fc.nat(10_000), { freq: 3 }),
  grantsAfterMs: fc.nat(5_000),
});

/** No two clocks are further apart than the margin. */
const skew = fc.integer({ min: -WRITE_LEASE.clockMarginMs / 2, max: WRITE_LEASE.clockMarginMs / 2 });

const story: fc.Arbitrary<Story> = fc.record({
  skewsMs: fc.array(skew, { minLength: 4, maxLength: 4 }),
  calls: fc.array(fc.array(call, { minLength: 1, maxLength: 12 }), { minLength: 3, maxLength: 3 }),
  moves: fc.array(move, { minLength: 1, maxLength: 5 }),
});

/** The table as a Region reaches it: late, and sometimes after the Region has given up. */
function reached(
  time: VirtualTime,
  table: MemoryCoordination,
  calls: readonly Call[],
): Pick<Coordination, 'readState' | 'transition'> {
  let next = 0;
  const through = async <T>(serve: () => Promise<T>): Promise<T> => {
    const { servedAfterMs, answeredAfterMs, givenUp } = calls[next++ % calls.length] as Call;
    const served = time.after(servedAfterMs).then(serve);
    if (givenUp) {
      await time.after(GIVES_UP_AFTER_MS);
      throw new Error('no answer in time');
    }
    const answer = await served;
    await time.after(answeredAfterMs);
    return answer;
  };
  return { readState: () => through(table.readState), transition: (given) => through(() => table.transition(given)) };
}

/** Tells a story and hands every quiet moment to `look`, with the highest epoch whose fence is proven. */
async function tell({ skewsMs, calls, moves }: Story, look: (scene: Scene) => void): Promise<Scene> {
  const time = createVirtualTime(1_000_000);
  const table = createMemoryCoordination(testConfig());
  const fences = PROCESSES.map(({ region, holder }, index) => {
    const coordination = reached(time, table, calls[index] ?? []);
    return { region, fence: createWriteFence({ region, holder, coordination, clock: time.clock(skewsMs[index]) }) };
  });
  const scene: Scene = { table, fences, provenEpoch: 0 };
  for (const { fence } of fences) void fence.run();
  const told = operate(scene, { time, moves, skewMs: skewsMs[3] ?? 0 });
  let over = false;
  void told.then(() => {
    over = true;
  });
  const longest = time.now() + 600_000;
  while (!over && time.now() < longest) await time.runUntil(time.now() + 5_000, () => look(scene));
  for (const { fence } of fences) fence.stop();
  return scene;
}

interface Scene {
  readonly table: MemoryCoordination;
  readonly fences: readonly { readonly region: string; readonly fence: WriteFence }[];
  provenEpoch: number;
}

/** One operation after the other. The proof is drawn from what was read, by a clock of its own. */
async function operate(
  scene: Scene,
  { time, moves, skewMs }: { time: VirtualTime; moves: readonly Move[]; skewMs: number },
): Promise<void> {
  const { table } = scene;
  const clock = time.clock(skewMs);
  for (const [index, { gapMs, target, rollsBackAfterMs, grantsAfterMs }] of moves.entries()) {
    await time.after(gapMs);
    const holder = { epoch: index + 1, operationId: `op-${index + 1}` };
    const former = table.state.writerRegion;
    await table.transition({ expect: {}, set: holder });
    await table.transition(raiseWriterEpoch(holder));
    if (rollsBackAfterMs !== null && former !== null) {
      await time.after(rollsBackAfterMs);
      await table.transition(returnWriter(holder, former));
      continue;
    }
    while (!proveFence(table.state, clock.nowEpochMs()).fenced) await time.after(500);
    scene.provenEpoch = holder.epoch;
    await time.after(grantsAfterMs);
    await table.transition(grantWriter(holder, target));
  }
  await time.after(40_000);
}

const writableIn = ({ fences }: Scene): readonly number[] => fences.flatMap(({ fence }) => fence.writableEpoch() ?? []);

const writableRegions = ({ fences }: Scene): ReadonlySet<string> =>
  new Set(fences.filter(({ fence }) => fence.writableEpoch() !== undefined).map(({ region }) => region));

const RUNS = { numRuns: 300 };

describe('two Regions, one with two processes, whose clocks are within the margin, with any delays', () => {
  it('are never both writable at once', async () => {
    await fc.assert(
      fc.asyncProperty(story, (given) =>
        tell(given, (scene) => expect(writableRegions(scene).size).toBeLessThanOrEqual(1)).then(() => undefined),
      ),
      RUNS,
    );
  });

  it('are not writable under an older epoch once the fence is proven', async () => {
    await fc.assert(
      fc.asyncProperty(story, (given) =>
        tell(given, (scene) => {
          for (const epoch of writableIn(scene)) expect(epoch).toBeGreaterThanOrEqual(scene.provenEpoch);
        }).then(() => undefined),
      ),
      RUNS,
    );
  });

  it('leave the Region writable that was granted the right last, once calls are answered in time', async () => {
    const quick = fc.constant({ servedAfterMs: 20, answeredAfterMs: 20, givenUp: false });
    const orderly = story.map((given) => ({
      ...given,
      calls: given.calls.map(() => [fc.sample(quick, 1)[0] as Call]),
    }));
    await fc.assert(
      fc.asyncProperty(orderly, async (given) => {
        const scene = await tell(given, () => undefined);
        const { writerRegion, writerEpoch } = scene.table.state;
        for (const { region, fence } of scene.fences) {
          expect(fence.writableEpoch()).toBe(region === writerRegion ? writerEpoch : undefined);
        }
      }),
      { numRuns: 50 },
    );
  });
});
