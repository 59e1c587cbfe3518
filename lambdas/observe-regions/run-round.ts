import { checksOf, type NamedCheck } from '../../core/config/accessors.ts';
import type { RegionConfig } from '../../core/config/types.ts';
import { applyProbe, type CheckState } from '../../core/health/check-state.ts';
import { METRICS, type Measurement, type MetricName, type ObserverReport } from '../../core/health/report.ts';
import { isDue } from '../../core/health/rounds.ts';
import { recentTraffic } from '../../core/operation/measure.ts';
import type { StepContext, TrafficReading } from '../../core/ports.ts';
import { probe } from './probe.ts';
import type { ProbePort } from './probes/context.ts';

type Context = StepContext<'coordination' | 'traffic' | ProbePort>;

/** A round that has begun: `fastest` when the checks with the shortest timeout are reported, `all` when every one is. */
export interface StartedRound {
  readonly fastest: Promise<void>;
  readonly all: Promise<void>;
}

/**
 * Probes every application Region for every check that is due, side by side. Checks of one timeout are reported
 * together as soon as that timeout can be over, so that a slow check never keeps the verdict of a fast one waiting.
 */
export function startRound(
  context: Context,
  { round, before }: { round: number; before: readonly ObserverReport[] },
): StartedRound {
  const due = checksOf(context.config).filter(({ check }) => isDue(check, round));
  const timeouts = [...new Set(due.map(({ check }) => check.timeoutSeconds))].toSorted((a, b) => a - b);
  const reports = timeouts.map((timeout) => {
    const group = due.filter(({ check }) => check.timeoutSeconds === timeout);
    return Promise.all(context.config.regions.map((subject) => report(context, { round, before, subject, group })));
  });
  const all = Promise.all(reports).then(() => undefined);
  return { fastest: reports[0]?.then(() => undefined) ?? all, all };
}

async function report(
  context: Context,
  {
    round,
    before,
    subject,
    group,
  }: { round: number; before: readonly ObserverReport[]; subject: RegionConfig; group: readonly NamedCheck[] },
): Promise<void> {
  const { config, ports, region } = context;
  const previous = before.find((other) => other.observer === region && other.subject === subject.id);
  const traffic = once(() => readTraffic(context, subject.id));
  const states = await Promise.all(
    group.map(async ({ name, check }): Promise<readonly [string, CheckState]> => {
      const result = await probe(check, { name, config, subject, ports, traffic });
      return [name, applyProbe(check, previous?.checks[name], { ...result, atEpochMs: ports.clock.nowEpochMs() })];
    }),
  );
  const measures = group.some(({ check }) => check.kind === 'metric') ? metricsOf(await traffic()) : {};
  await ports.coordination.mergeReport({
    observer: region,
    subject: subject.id,
    round,
    reportedAtEpochMs: ports.clock.nowEpochMs(),
    checks: Object.fromEntries(states),
    metrics: measures,
  });
}

/** A Region whose metrics do not answer is not measured; its checks say unknown. */
function readTraffic({ config, ports }: Context, subject: string): Promise<TrafficReading | undefined> {
  const { periodSeconds } = config.traffic;
  return recentTraffic(ports.traffic, {
    region: subject,
    nowEpochMs: ports.clock.nowEpochMs(),
    periodSeconds,
    periods: 2,
  });
}

function metricsOf(reading: TrafficReading = {}): Partial<Record<MetricName, Measurement>> {
  const values: Record<MetricName, number | undefined> = {
    'error-rate': reading.errorRate,
    'p95-ms': reading.p95Milliseconds,
    'requests-per-second': reading.requestsPerSecond,
  };
  const atEpochMs = reading.measuredAtEpochMs ?? 0;
  return Object.fromEntries(
    METRICS.flatMap((name) => (values[name] === undefined ? [] : [[name, { value: values[name], atEpochMs }]])),
  );
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
