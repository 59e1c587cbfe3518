import { primeClients } from '../../twin/aws/prime-clients.ts';
import { createRandomStreams } from '../../twin/random.ts';
import { installVirtualClock, type TwinClock } from '../../twin/virtual-clock.ts';

/** When every story in virtual time begins. */
export const VIRTUAL_START = Date.UTC(2026, 0, 1);

const HOUR_MS = 3_600_000;
/** Longer than any wait of a machine: whoever is not done by then never will be. */
const LONGEST_MS = 40 * 24 * HOUR_MS;

/**
 * Runs something under virtual time until it is settled: every timer fires in order without waiting.
 */
export async function inVirtualTime<T>(
  run: (clock: TwinClock) => Promise<T>,
  { seed = 1 }: { seed?: number } = {},
): Promise<T> {
  await primeClients();
  const clock = installVirtualClock({
    startEpochMs: VIRTUAL_START,
    random: createRandomStreams(seed).stream('process'),
  });
  try {
    let settled = false;
    const running = run(clock).finally(() => {
      settled = true;
    });
    running.catch(() => undefined);
    while (!settled && clock.nowEpochMs() < VIRTUAL_START + LONGEST_MS) {
      await clock.runUntil(clock.nowEpochMs() + HOUR_MS, () => settled);
    }
    if (!settled) throw new Error(`not settled after ${LONGEST_MS / HOUR_MS} virtual hours`);
    return await running;
  } finally {
    clock.dispose();
  }
}

/** How long something took on the clock, ms. */
export async function timed<T>(
  clock: Pick<TwinClock, 'nowEpochMs'>,
  run: () => Promise<T>,
): Promise<{ readonly result: PromiseSettledResult<T>; readonly tookMs: number }> {
  const from = clock.nowEpochMs();
  const [result] = await Promise.allSettled([run()]);
  return { result: result as PromiseSettledResult<T>, tookMs: clock.nowEpochMs() - from };
}
