import { applicationRegions } from '../../core/config/accessors.ts';
import { withMeasurement } from '../../core/health/metric-series.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import { isDue } from '../../core/health/rounds.ts';
import { replicationMetric } from '../../core/operation/replication-metric.ts';
import type { StepContext } from '../../core/ports.ts';

type Context = StepContext<'coordination' | 'clock' | 'metrics'>;

/** The metric comes once a minute. */
const INTERVAL_SECONDS = 60;
const TIMEOUT_MS = 5_000;

/**
 * Keeps the replication lag that another Region publishes about the copy here, once a minute: when that Region is dark its
 * metrics are too, and what was seen last is all that a failover can be judged by. Nothing to do for data tiers whose copies
 * publish their own lag.
 */
export async function observeLag(
  context: Context,
  { round, before }: { readonly round: number; readonly before: readonly ObserverReport[] },
): Promise<void> {
  const { config, region } = context;
  const regions = applicationRegions(config);
  if (!regions.includes(region) || !isDue({ intervalSeconds: INTERVAL_SECONDS }, round)) return;
  const others = regions.filter((other) => other !== region);
  await Promise.all(others.map((source) => keepLag(context, { source, round, before })));
}

async function keepLag(
  { config, ports, region }: Context,
  { source, round, before }: { source: string; round: number; before: readonly ObserverReport[] },
): Promise<void> {
  const metric = replicationMetric(config.data, { source, target: region });
  if (metric === undefined || metric.region === region) return;
  const { perSecond, ...question } = metric;
  const answer = await ports.metrics.newestDatapoint(
    { ...question, statistic: 'Maximum', periodSeconds: INTERVAL_SECONDS },
    TIMEOUT_MS,
  );
  if (!answer.answered || answer.datapoint === undefined) return;
  const { value, atEpochMs } = answer.datapoint;
  const previous = before.find(({ observer, subject }) => observer === region && subject === source);
  const series = withMeasurement(previous?.metrics['replication-lag-seconds'], {
    value: value / perSecond,
    fromEpochMs: atEpochMs,
    atEpochMs,
  });
  await ports.coordination.mergeReport({
    observer: region,
    subject: source,
    round,
    reportedAtEpochMs: ports.clock.nowEpochMs(),
    checks: {},
    metrics: { 'replication-lag-seconds': series },
  });
}
