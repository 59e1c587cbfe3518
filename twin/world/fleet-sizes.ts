import { homeRegion } from '../../core/config/accessors.ts';
import { nameOfTarget } from '../../core/config/scale-target.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Size } from '../../core/ports.ts';
import { draw, type Random } from '../random.ts';
import type { WorldQueue } from '../world-queue.ts';
import { LATENCIES } from './latencies.ts';

/** How much of everything that is scaled there is, in every Region. */
export interface FleetSizes {
  /** Undefined where there is nothing of that name. */
  sizeOf(region: string, name: string): Size | undefined;
  /** Asks for a size: what is missing comes up one by one, what is too much goes at once. */
  resize(region: string, name: string, desired: number): void;
}

/** What the sizes are made of. */
export interface FleetSettings {
  readonly config: Pick<ResolvedConfig, 'preset' | 'regions' | 'scaling'>;
  readonly queue: WorldQueue;
  readonly random: Random;
  readonly now: () => number;
}

/** What a warm standby runs of its full size (assumed). */
const WARM_SHARE = 0.25;

/** Full size where the application is at home; a warm standby runs a part of it, a cold one nothing. */
export function createFleetSizes({ config, queue, random, now }: FleetSettings): FleetSizes {
  const home = homeRegion(config).id;
  const targets = config.scaling?.targets ?? [];
  const standby = config.preset === 'cold-standby' ? 0 : WARM_SHARE;
  const sizes = new Map<string, { desired: number; running: number }>(
    config.regions.flatMap(({ id }) =>
      targets.map((target) => {
        const count = id === home ? target.desired : Math.floor(target.desired * standby);
        return [`${id} ${nameOfTarget(target)}`, { desired: count, running: count }];
      }),
    ),
  );
  return {
    sizeOf: (region, name) => sizes.get(`${region} ${name}`),
    resize: (region, name, desired) => {
      const size = sizes.get(`${region} ${name}`);
      if (size === undefined) return;
      const missing = Math.max(0, desired - Math.max(size.desired, size.running));
      size.desired = desired;
      size.running = Math.min(size.running, desired);
      for (let one = 0; one < missing; one++) {
        queue.at(now() + draw(LATENCIES.instanceStart.milliseconds, random), () => {
          size.running = Math.min(size.desired, size.running + 1);
        });
      }
    },
  };
}
