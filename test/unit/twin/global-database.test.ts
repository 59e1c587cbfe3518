import { describe, expect, it } from 'vitest';
import { createGlobalDatabase } from '../../../twin/world/global-database.ts';
import { createNetwork } from '../../../twin/world/network.ts';
import { createWorldQueue } from '../../../twin/world-queue.ts';

const [FORMER, NEXT] = ['ap-southeast-1', 'ap-northeast-1'];
/** A promotion takes at most 50 s in the twin. */
const PROMOTED_MS = 60_000;

/** A database whose writer is cut off at 1 s. */
function scene() {
  const here = { nowMs: 0 };
  const now = () => here.nowMs;
  const queue = createWorldQueue();
  const network = createNetwork(now, () => 0.5);
  const database = createGlobalDatabase({
    members: [FORMER, NEXT],
    writer: FORMER,
    network,
    isUp: () => true,
    queue,
    random: () => 0.5,
    now,
  });
  database.dialLag(0.4);
  const passTo = (timeMs: number): void => {
    here.nowMs = timeMs;
    queue.advanceTo(timeMs);
  };
  passTo(1_000);
  network.setCutOff(FORMER, true);
  return { database, network, passTo };
}

describe('a writer that is cut off', () => {
  it('takes commits while nobody is promoted, and also when somebody is: nobody can tell it', () => {
    const { database, passTo } = scene();
    expect(database.takesCommits(FORMER)).toBe(true);
    expect(database.beginMove({ to: NEXT, mode: 'failover' })).toBeUndefined();
    expect([database.writerKnownIn(FORMER), database.takesCommits(FORMER)]).toEqual([FORMER, true]);
    passTo(PROMOTED_MS);
    expect([database.writer(), database.writerKnownIn(NEXT)]).toEqual([NEXT, NEXT]);
    expect([database.writerKnownIn(FORMER), database.takesCommits(FORMER)]).toEqual([FORMER, true]);
  });

  it('learns who writes as soon as it is joined again', () => {
    const { database, network, passTo } = scene();
    database.beginMove({ to: NEXT, mode: 'failover' });
    passTo(PROMOTED_MS);
    network.setCutOff(FORMER, false);
    expect([database.writerKnownIn(FORMER), database.takesCommits(FORMER)]).toEqual([NEXT, false]);
  });

  it('cannot take part in a switchover', () => {
    const { database } = scene();
    expect(database.beginMove({ to: NEXT, mode: 'switchover' })).toContain('a switchover needs both');
  });

  it('loses what it had not replicated by then, and all that it wrote since', () => {
    const { database, passTo } = scene();
    for (const atMs of [500, 700, 2_000, 9_000]) database.commit(atMs);
    passTo(20_000);
    database.beginMove({ to: NEXT, mode: 'failover' });
    expect(database.losses()).toEqual([{ writes: 3, seconds: 8.3 }]);
  });
});

describe('a writer in a dark Region', () => {
  it('loses what it had not replicated, from the oldest lost write to the dark', () => {
    const { database, network, passTo } = scene();
    network.setCutOff(FORMER, false);
    for (const atMs of [500, 1_700, 2_000]) database.commit(atMs);
    passTo(2_000);
    network.setDark(FORMER, true);
    passTo(40_000);
    database.beginMove({ to: NEXT, mode: 'failover' });
    expect(database.losses()).toEqual([{ writes: 2, seconds: 0.3 }]);
  });
});

describe('a former writer', () => {
  const movedBy = (mode: 'switchover' | 'failover') => {
    const { database, network, passTo } = scene();
    network.setCutOff(FORMER, false);
    database.beginMove({ to: NEXT, mode });
    passTo(PROMOTED_MS);
    return { database, passTo };
  };

  it('is a copy at once after a switchover', () => {
    const { database } = movedBy('switchover');
    expect([database.isConnected(FORMER), database.lagInto(FORMER)]).toEqual([true, 400]);
  });

  it('is built anew after a failover, and is no copy meanwhile', () => {
    const { database, passTo } = movedBy('failover');
    expect([database.isConnected(FORMER), database.lagInto(FORMER)]).toEqual([false, undefined]);
    passTo(PROMOTED_MS + 300_000);
    expect([database.isConnected(FORMER), database.lagInto(FORMER)]).toEqual([true, 400]);
  });
});
