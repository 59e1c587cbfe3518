import { describe, expect, it } from 'vitest';
import { createUseSpans } from '../../../twin/scenarios/use-spans.ts';

describe('the last use of a destination', () => {
  const used = (...atSeconds: readonly number[]) => {
    const uses = createUseSpans();
    for (const at of atSeconds) uses.add('here', at * 1000);
    return (since: number) => uses.lastUse('here', since * 1000);
  };

  it('is the end of the span that holds the moment', () => {
    const lastUse = used(0, 50, 110, 300, 310);
    expect(lastUse(20)).toBe(110_000);
    expect(lastUse(305)).toBe(310_000);
  });

  it.each([
    { pause: 60, end: 160 },
    { pause: 61, end: 100 },
  ])('is not before a pause of $pause s', ({ pause, end }) => {
    expect(used(60, 100, 100 + pause)(70)).toBe(end * 1000);
  });

  it('is nobody’s where it was not used then', () => {
    expect(used(0, 10)(11)).toBeNull();
    expect(used(100)(39)).toBeNull();
    expect(createUseSpans().lastUse('there', 0)).toBeNull();
  });
});
