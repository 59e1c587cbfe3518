import type { ResourceChange } from '../../adapters/aws/custom-resource-handler.ts';
import type { HealthCheckObservations } from '../../adapters/aws/health-check-observations.ts';
import { SwitchyardError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { OBSERVATION_DEADLINE_MINUTES } from '../../core/routing/switch-observation.ts';

/** What the function is made of. */
export interface AwaitSwitchesContext {
  readonly observations: HealthCheckObservations;
  readonly clock: Clock;
}

/** By the second minute with reports every checker has looked: each does so every 10 s. */
const ENOUGH_MINUTES = 2;
/** How far back reports are looked for: a check that was made earlier in this deployment may have some. */
const LOOKBACK_MS = 5 * 60_000;
const ASK_AGAIN_MS = 5_000;
const DEADLINE_MS = OBSERVATION_DEADLINE_MINUTES * 60_000;

/**
 * Waits until Route 53 has looked at every evacuation switch that is new. An inverted check is unhealthy until it has
 * data, so a Region whose serving check took it in earlier would be left at once, by a mere deployment.
 *
 * Observed is enough: with data, the status is what the guardian's object says, which is what the check is for.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 * @throws {SwitchyardError} `SWITCHES_NOT_OBSERVED` after ten minutes: the deployment fails and changes nothing.
 */
export function createAwaitSwitches({
  observations,
  clock,
}: AwaitSwitchesContext): (
  change: Pick<ResourceChange, 'properties' | 'before'>,
) => Promise<{ readonly observed: readonly string[] }> {
  return async ({ properties, before }) => {
    const known = new Set(idsIn(before));
    const added = idsIn(properties).filter((id) => !known.has(id));
    const startedAt = clock.nowEpochMs();
    const isObserved = async (id: string): Promise<boolean> =>
      (await minutesOrNone(() => observations.minutes(id, startedAt - LOOKBACK_MS))) >= ENOUGH_MINUTES;
    let pending = added;
    for (;;) {
      const observed = await Promise.all(pending.map(isObserved));
      pending = pending.filter((_, index) => observed[index] !== true);
      if (pending.length === 0) return { observed: added };
      if (clock.nowEpochMs() - startedAt > DEADLINE_MS) throw notObserved(pending);
      await clock.sleep(ASK_AGAIN_MS);
    }
  };
}

/** What may pass is asked again with the rest; a whole deployment is too much for one call without an answer. */
async function minutesOrNone(ask: () => Promise<number>): Promise<number> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SwitchyardError && error.retryable) return 0;
    throw error;
  }
}

function idsIn(properties: unknown): readonly string[] {
  const ids =
    typeof properties === 'object' && properties !== null
      ? (properties as Record<string, unknown>)['HealthCheckIds']
      : undefined;
  return Array.isArray(ids) ? ids.map(String) : [];
}

function notObserved(pending: readonly string[]): SwitchyardError {
  return new SwitchyardError(
    `Route 53 has not reported on health checks ${pending.join(', ')} within ${OBSERVATION_DEADLINE_MINUTES} min, so no serving check may depend on them yet; deploy again once the Route 53 console shows their status`,
    { code: 'SWITCHES_NOT_OBSERVED', source: 'platform', retryable: true, context: { pending } },
  );
}
