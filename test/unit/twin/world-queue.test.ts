import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorldQueue } from '../../../twin/world-queue.ts';

describe('the queue of the world', () => {
  it('lets events happen by time, and those of one moment as they were announced', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (times) => {
        const queue = createWorldQueue();
        const happened: { readonly atMs: number; readonly order: number }[] = [];
        for (const [order, atMs] of times.entries()) queue.at(atMs, () => happened.push({ atMs, order }));
        queue.advanceTo(20);
        const expected = times.map((atMs, order) => ({ atMs, order })).toSorted((a, b) => a.atMs - b.atMs);
        expect(happened).toEqual(expected);
      }),
    );
  });

  it('takes in what events announce while they happen', () => {
    const queue = createWorldQueue();
    const happened: string[] = [];
    const every = (name: string, gapMs: number, other: () => void) => {
      const next = (atMs: number): void => {
        happened.push(`${name}@${atMs}`);
        queue.at(atMs + gapMs, next);
        other();
      };
      return next;
    };
    queue.at(
      1,
      every('slow', 4, () => queue.at(6, (atMs) => happened.push(`once@${atMs}`))),
    );
    queue.at(
      2,
      every('fast', 2, () => undefined),
    );
    queue.advanceTo(7);
    expect(happened).toEqual(['slow@1', 'fast@2', 'fast@4', 'slow@5', 'once@6', 'fast@6', 'once@6']);
  });

  it('goes on after an event that throws, which does not happen again', () => {
    const queue = createWorldQueue();
    const happened: number[] = [];
    queue.at(1, () => {
      throw new Error('broken');
    });
    queue.at(2, (atMs) => happened.push(atMs));
    expect(() => queue.advanceTo(5)).toThrow('broken');
    queue.at(3, (atMs) => happened.push(atMs));
    queue.advanceTo(5);
    expect(happened).toEqual([2, 3]);
  });

  it('says which moment it is only while something happens', () => {
    const queue = createWorldQueue();
    const seen: (number | undefined)[] = [];
    queue.at(3, () => seen.push(queue.happeningAt()));
    queue.advanceTo(5);
    expect([...seen, queue.happeningAt()]).toEqual([3, undefined]);
  });
});
