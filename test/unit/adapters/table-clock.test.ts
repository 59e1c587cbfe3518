import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbClient } from '../../../adapters/aws/clients.ts';
import { createTableClock } from '../../../adapters/aws/table-clock.ts';
import { COUNTERS } from '../../../core/counters.ts';
import { primeClients } from '../../../twin/aws/prime-clients.ts';

beforeAll(primeClients);

/** A whole second of true time. */
const NOW_MS = Date.UTC(2026, 0, 1, 12);

interface Setting {
  /** How far the local clock is ahead, ms. */
  readonly aheadMs: number;
  readonly tookMs?: number;
  /** The header as it comes, where it is not the true time. */
  readonly date?: string | undefined;
  readonly fails?: boolean;
}

/** A clock that is set by the answers of a client, each of which comes when and as the setting says. */
function scene(setting: Setting) {
  const here = { trueMs: NOW_MS, setting, counted: [] as string[] };
  const local = { nowEpochMs: () => here.trueMs + here.setting.aheadMs, sleep: async () => undefined };
  const clock = createTableClock(local, { count: (counter) => void here.counted.push(counter) });
  const client = dynamoDbClient('ap-northeast-1', clock.setBy({ instrument: answeredBy(here) }));
  const ask = () => client.send(new GetCommand({ TableName: 'table', Key: { item: 'state' } })).catch(() => undefined);
  /** By how much the clock is wrong. */
  const error = () => clock.nowEpochMs() - here.trueMs;
  return { here, ask, error };
}

type Here = { trueMs: number; readonly setting: Setting };

function answeredBy(here: Here) {
  return ({ middlewareStack }: { middlewareStack: unknown }): void => {
    const answer = () => async () => {
      const { tookMs = 0, fails } = here.setting;
      const date = 'date' in here.setting ? here.setting.date : new Date(here.trueMs).toUTCString();
      here.trueMs += tookMs;
      if (fails) throw new Error('refused');
      return { response: { headers: { date } }, output: { $metadata: {} } };
    };
    (middlewareStack as { addRelativeTo(middleware: unknown, options: unknown): void }).addRelativeTo(answer, {
      name: 'answer',
      relation: 'after',
      toMiddleware: 'retryMiddleware',
    });
  };
}

describe("a clock that is set by the table's answers", () => {
  it('is the local one before the first answer', () => {
    expect(scene({ aheadMs: 20_000 }).error()).toBe(20_000);
  });

  it.each([20_000, -20_000, 3_600_000, 3_000, -3_000])(
    'is right within a second where the local one is off by %i ms, and says so once',
    async (aheadMs) => {
      const { here, ask, error } = scene({ aheadMs, tookMs: 100 });
      for (let asked = 0; asked < 30; asked++) await ask();
      expect(Math.abs(error())).toBeLessThanOrEqual(1_000);
      expect(here.counted).toEqual([COUNTERS.clockSet]);
    },
  );

  it.each([0, 499, 500, 999])('leaves a true clock alone, %i ms into a second, however slow the answer', async (ms) => {
    for (const tookMs of [0, 1_000, 2_000]) {
      const { here, ask, error } = scene({ aheadMs: 0, tookMs });
      here.trueMs += ms;
      await ask();
      expect(error()).toBe(0);
      expect(here.counted).toEqual([]);
    }
  });

  it.each([
    { aheadMs: 2_500, isSet: false },
    { aheadMs: 2_501, isSet: true },
    { aheadMs: -1_500, isSet: false },
    { aheadMs: -1_501, isSet: true },
  ])('bears 2 s from the middle of the second that was told: $aheadMs ms', async ({ aheadMs, isSet }) => {
    const { here, ask } = scene({ aheadMs });
    await ask();
    expect(here.counted.length > 0).toBe(isSet);
  });

  it('follows the local one when that is put right', async () => {
    const { here, ask, error } = scene({ aheadMs: 20_000 });
    await ask();
    Object.assign(here, { setting: { aheadMs: 0 } });
    await ask();
    expect(error()).toBe(0);
    expect(here.counted).toHaveLength(2);
  });

  it.each([
    { what: 'without a date', date: undefined },
    { what: 'with a date that is none', date: 'yesterday' },
    { what: 'after more than 2 s', tookMs: 2_001 },
    { what: 'that is a failure', fails: true },
  ])('is not set by an answer $what', async (given) => {
    const { here, ask, error } = scene({ aheadMs: 20_000, ...given });
    await ask();
    expect(error()).toBe(20_000);
    expect(here.counted).toEqual([]);
  });
});
