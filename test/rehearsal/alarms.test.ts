import { expect, it } from 'vitest';
import { names } from '../../core/config/names.ts';
import storefront from '../../switchyard.config.ts';
import { primeClients } from '../../twin/aws/prime-clients.ts';
import type { AlarmStateChangeEvent } from '../../twin/cloudwatch/alarms/state-change-event.ts';
import { createRandomStreams } from '../../twin/random.ts';
import { scheduleFault } from '../../twin/scenarios/faults.ts';
import { installVirtualClock } from '../../twin/virtual-clock.ts';
import { startWorld } from '../../twin/world/start-world.ts';
import { createWorld } from '../../twin/world/world.ts';

const SINGAPORE = 'ap-southeast-1';
const TOKYO = 'ap-northeast-1';
const START = Date.UTC(2026, 0, 1);
const DARK_AT_SECONDS = 600;
const QUIET_UNTIL_SECONDS = 1800;

/** What became of the alarms of a world, and who was woken by them. */
interface Watched {
  /** `alarms in ALARM`, by `<region> <alarm>`, with the second in which they went off first. */
  readonly alarms: ReadonlyMap<string, number>;
  readonly woken: readonly { readonly region: string; readonly alarm: string }[];
}

async function watch({ dark }: { readonly dark?: string } = {}): Promise<Watched> {
  await primeClients();
  const clock = installVirtualClock({ startEpochMs: START, random: createRandomStreams(1).stream('process') });
  try {
    const alarms = new Map<string, number>();
    const woken: { region: string; alarm: string }[] = [];
    const made = createWorld({ config: storefront, clock, seed: 1 });
    const invoke: typeof made.lambda.invoke = (region, name, payload) => {
      if (name === 'observe-regions' && 'detail' in (payload as object)) {
        woken.push({ region, alarm: (payload as AlarmStateChangeEvent).detail.alarmName });
      }
      return made.lambda.invoke(region, name, payload);
    };
    made.events.listen((event) => {
      if (event.kind !== 'alarm' || event.event.detail.state.value !== 'ALARM') return;
      const key = `${event.event.region} ${event.event.detail.alarmName}`;
      if (!alarms.has(key)) alarms.set(key, (clock.worldNow() - START) / 1000);
    });
    startWorld({ ...made, lambda: { ...made.lambda, invoke } });
    if (dark !== undefined) {
      scheduleFault(made, { kind: 'region-dark', region: dark, atSeconds: DARK_AT_SECONDS }, START);
    }
    await clock.runUntil(START + QUIET_UNTIL_SECONDS * 1000);
    return { alarms, woken };
  } finally {
    clock.dispose();
  }
}

const alarmIn = (region: string, id: string): string => `${region} ${names.alarm(storefront, id)}`;

it('leaves every alarm of a healthy world alone', async () => {
  const { alarms, woken } = await watch();
  expect([...alarms]).toEqual([]);
  expect(woken).toEqual([]);
});

it('tells the living Region of the dead one within two minutes, and wakes its observer once', async () => {
  const { alarms, woken } = await watch({ dark: SINGAPORE });
  const impaired = alarms.get(alarmIn(TOKYO, `region-impaired-${SINGAPORE}`)) ?? Number.POSITIVE_INFINITY;
  expect(impaired).toBeGreaterThan(DARK_AT_SECONDS);
  expect(impaired).toBeLessThanOrEqual(DARK_AT_SECONDS + 120);
  expect(woken).toEqual([{ region: TOKYO, alarm: names.alarm(storefront, `region-impaired-${SINGAPORE}`) }]);
  // Its observer went with it.
  expect(alarms.has(alarmIn(TOKYO, 'observers-silent'))).toBe(true);
});

it('wakes nobody in a Region that is dark', async () => {
  const { woken } = await watch({ dark: TOKYO });
  expect(woken.map(({ region }) => region)).toEqual([SINGAPORE]);
});
