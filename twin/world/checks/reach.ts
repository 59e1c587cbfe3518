import { draw, type Random } from '../../random.ts';
import type { TwinClock } from '../../virtual-clock.ts';
import type { RegionalApplication } from '../application.ts';
import { LATENCIES } from '../latencies.ts';
import type { Network } from '../network.ts';

/** What the way of a probe to a Region is made of. */
export interface ReachSettings {
  readonly clock: TwinClock;
  readonly network: Network;
  readonly random: Random;
  readonly applications: ReadonlyMap<string, RegionalApplication>;
}

/** A probe on its way. */
export interface Trip {
  readonly from: string;
  readonly to: string;
  readonly timeoutMs: number;
}

/** Whether something in a Region sees the front door of another one now. */
export function isInSight(
  { network, applications }: Omit<ReachSettings, 'clock' | 'random'>,
  from: string,
  to: string,
) {
  return applications.get(to)?.frontDoorUp() === true && !network.isBlind(from) && network.reachesFrontDoor(from, to);
}

/**
 * Goes there and back, and says whether there was an answer; it takes the whole timeout where there was none. A probe of
 * something else than the front door is given whether that `answers`; the way there is the same.
 */
export async function reach(
  settings: ReachSettings,
  { from, to, timeoutMs }: Trip,
  answers: () => boolean = () => isInSight(settings, from, to),
): Promise<boolean> {
  const { clock, random } = settings;
  const latency = from === to ? LATENCIES.httpSameRegion : LATENCIES.httpOtherRegion;
  const travelMs = Math.min(timeoutMs, draw(latency.milliseconds, random));
  const set = answers() && !settings.network.losesProbe();
  await clock.sleep(travelMs);
  if (set && answers()) return true;
  await clock.sleep(timeoutMs - travelMs);
  return false;
}
