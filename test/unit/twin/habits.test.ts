import { describe, expect, it } from 'vitest';
import { createHabits } from '../../../twin/world/load/habits.ts';

const CLIENTS = Array.from({ length: 1000 }, (_, client) => client);

describe('the habits of clients', () => {
  it('are their own until a scenario changes them, and again afterwards', () => {
    const habits = createHabits();
    expect(CLIENTS.filter((client) => habits.keepsMs(client) !== undefined)).toEqual([]);
    habits.setOverCaching({ share: 1, keepSeconds: 7 });
    expect(CLIENTS.every((client) => habits.keepsMs(client) === 7000)).toBe(true);
    habits.setOverCaching(undefined);
    expect(CLIENTS.filter((client) => habits.keepsMs(client) !== undefined)).toEqual([]);
  });

  it.each([0, 0.1, 0.7])('change for a share of %d of all, whichever part of them is looked at', (share) => {
    const habits = createHabits();
    habits.setOverCaching({ share, keepSeconds: 600 });
    const changed = (clients: readonly number[]): number =>
      clients.filter((client) => habits.keepsMs(client) !== undefined).length / clients.length;
    expect(changed(CLIENTS)).toBeCloseTo(share, 2);
    expect(changed(CLIENTS.slice(0, 100))).toBeCloseTo(share, 1);
    expect(changed(CLIENTS.filter((client) => client % 2 === 0))).toBeCloseTo(share, 1);
  });
});
