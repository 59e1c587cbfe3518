import { afterEach, describe, expect, it } from 'vitest';
import { installVirtualClock, type TwinClock } from '../../../twin/virtual-clock.ts';

const START = Date.UTC(2026, 0, 1);
let clocks: TwinClock[] = [];
const install = (): TwinClock => {
  const clock = installVirtualClock({ startEpochMs: START, random: () => 0.5 });
  clocks.push(clock);
  return clock;
};

afterEach(() => {
  for (const clock of clocks) clock.dispose();
  clocks = [];
});

describe('virtual time', () => {
  it('is given back, once', () => {
    const { setTimeout: realTimeout } = globalThis;
    const realRandom = Math.random;
    const clock = install();
    expect(Math.random()).toBe(0.5);
    expect(Date.now()).toBe(START);
    clock.dispose();
    clock.dispose();
    expect(globalThis.setTimeout).toBe(realTimeout);
    expect(Math.random).toBe(realRandom);
    expect(Date.now()).toBeGreaterThan(START);
  });

  it('of a run that was given up is ended by the next one, which has all of it', async () => {
    const givenUp = install();
    const running = givenUp.runUntil(START + 1_000_000_000);
    for (const seconds of [1, 2]) setTimeout(() => undefined, seconds * 1000);
    const next = install();
    await expect(running).rejects.toThrow('another run has taken virtual time over');
    givenUp.dispose();
    expect(Date.now()).toBe(START);
    await next.runUntil(START + 5_000);
    expect(Date.now()).toBe(START + 5_000);
  });
});
