import type { ResolvedConfig } from '../config/types.ts';
import { PARITY_DIFFERENCES, regionMetric } from '../counters.ts';
import { needsComparison } from '../parity/items.ts';
import { type AlarmSite, above, type CompiledAlarm, dimensionsOf } from './definition.ts';
import { named } from './naming.ts';

const ID = 'regions-differ';
/** Published once a minute by the function that compares, in the Region that is compared. */
const PERIOD_SECONDS = 60;
/** Minutes for which it has to stand: a release goes from one Region to the next within them (assumed). */
const PATIENCE_MINUTES = 15;

/**
 * An alarm where this Region does not hold what the one that serves does, or nobody could tell: until it does, a failover
 * to here is refused, and better learned of by day. The Region that serves publishes nothing, so no data is no verdict.
 */
export function parityAlarms(
  site: AlarmSite<Pick<ResolvedConfig, 'application' | 'parity' | 'contract'>>,
): readonly CompiledAlarm[] {
  if (!needsComparison(site.config)) return [];
  const { namespace, dimensions } = regionMetric(site.config, site.region);
  const says = `${site.config.application} in ${site.region} does not hold what the Region that serves does, or nobody could tell: a failover to it is refused`;
  const definition = {
    ...named(site, { id: ID, says, runbook: ID }),
    Namespace: namespace,
    MetricName: PARITY_DIFFERENCES,
    Dimensions: dimensionsOf(dimensions),
    Statistic: 'Maximum' as const,
    Period: PERIOD_SECONDS,
    ...above(0, { periods: PATIENCE_MINUTES, missing: 'missing' }),
  };
  return [{ kind: 'metric', id: ID, runbook: ID, tellsPeople: true, wakesObserver: false, definition }];
}
