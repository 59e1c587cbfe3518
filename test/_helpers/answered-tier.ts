import { dataTierPort } from '../../adapters/aws/create-ports.ts';
import type { ConfigInput, ResolvedConfig } from '../../core/config/types.ts';
import type { DataTier } from '../../core/ports.ts';
import type { TwinClock } from '../../twin/virtual-clock.ts';
import { createWorld, TWIN_DEPLOYMENT, type World } from '../../twin/world/world.ts';
import { passiveInput, TOKYO, testConfig } from './config.ts';
import { inVirtualTime } from './in-virtual-time.ts';

/** A data tier as the functions of a Region see it, on the API of a world. */
export interface AnsweredTier {
  readonly config: ResolvedConfig;
  readonly world: World;
  readonly tier: DataTier;
  readonly clock: TwinClock;
  /** The same as another Region sees it. */
  tierIn(region: string): DataTier;
  /** Gives every call of an operation this answer from now on. */
  refuse(service: string, operation: string, error: string): void;
  /** Lets calls of an operation take effect and be answered by nobody. */
  lose(service: string, operation: string): void;
}

/** Runs a test against the data tier of a config, in virtual time. */
export function withTier<T>(
  data: NonNullable<ConfigInput['data']>,
  run: (tier: AnsweredTier) => Promise<T>,
): Promise<T> {
  const config = testConfig(passiveInput({ data }));
  return inVirtualTime((clock) => {
    const world = createWorld({ config, clock, seed: 1 });
    const tierIn = (region: string) =>
      dataTierPort({ config, deployment: TWIN_DEPLOYMENT, region, clients: world.aws.clientsIn(region) }, clock);
    return run({
      ...{ config, world, clock, tierIn, tier: tierIn(TOKYO) },
      refuse: (service, operation, error) =>
        world.aws.setFault({ service, operation, answer: { error, message: 'as documented' } }, true),
      lose: (service, operation) => world.aws.setFault({ service, operation, answer: 'lost' }, true),
    });
  });
}
