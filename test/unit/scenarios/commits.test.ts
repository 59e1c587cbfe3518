import { describe, expect, it } from 'vitest';
import storefront from '../../../switchyard.config.ts';
import { createCommitSpans, lastCommitEpoch } from '../../../twin/scenarios/commit-spans.ts';
import { judgeInvariants } from '../../../twin/scenarios/invariants.ts';
import type { Recorder } from '../../../twin/scenarios/recorder.ts';

const [FORMER, NEXT] = ['ap-southeast-1', 'ap-northeast-1'];
type Write = readonly [region: string, epoch: number, atMs: number];

function spansOf(writes: readonly Write[]) {
  const spans = createCommitSpans();
  for (const [region, epoch, atMs] of writes) spans.add({ region, epoch, atMs });
  return spans.all();
}

describe('commits', () => {
  it('are kept as spans, in order of the first', () => {
    const spans = spansOf([
      [NEXT, 1, 30],
      [FORMER, 0, 10],
      [FORMER, 0, 20],
      [NEXT, 1, 40],
    ]);
    expect(spans).toEqual([
      { region: FORMER, epoch: 0, firstAtMs: 10, lastAtMs: 20 },
      { region: NEXT, epoch: 1, firstAtMs: 30, lastAtMs: 40 },
    ]);
    expect([lastCommitEpoch(spans), lastCommitEpoch([])]).toEqual([1, null]);
  });

  it.each<{ what: string; writes: readonly Write[]; held: boolean }>([
    {
      what: 'one after the other',
      writes: [
        [FORMER, 0, 10],
        [FORMER, 0, 20],
        [NEXT, 1, 21],
      ],
      held: true,
    },
    {
      what: 'there and back',
      writes: [
        [FORMER, 0, 10],
        [NEXT, 1, 20],
        [FORMER, 2, 30],
      ],
      held: true,
    },
    {
      what: 'at one moment',
      writes: [
        [FORMER, 0, 20],
        [NEXT, 1, 20],
      ],
      held: false,
    },
    {
      what: 'side by side',
      writes: [
        [FORMER, 0, 10],
        [NEXT, 1, 20],
        [FORMER, 0, 30],
      ],
      held: false,
    },
  ])('of two Regions may come $what: $held', ({ writes, held }) => {
    const recorder = {
      commits: () => spansOf(writes),
      answerChanges: [],
      evacuations: [],
      leftWithoutWriter: [],
    } as unknown as Recorder;
    const judged = judgeInvariants({ config: storefront, recorder, records: [] });
    expect(judged.find(({ text }) => text === 'no two Regions committed at the same time')?.held).toBe(held);
  });
});
