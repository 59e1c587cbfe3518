import { within } from '../../adapters/within.ts';
import { checksOf, type NamedCheck } from '../../core/config/accessors.ts';
import { endpointUrl } from '../../core/config/endpoint.ts';
import type { RegionConfig } from '../../core/config/types.ts';
import { applyProbe, type CheckState, type Counting, type ProbeResult } from '../../core/health/check-state.ts';
import { parseContractHealth } from '../../core/health/contract.ts';
import { withMeasurement } from '../../core/health/metric-series.ts';
import type { MetricName, Metrics, ObserverReport } from '../../core/health/report.ts';
import { isDue } from '../../core/health/rounds.ts';
import { signalsOf } from '../../core/health/signals.ts';
import { recentTraffic } from '../../core/operation/measure.ts';
import type { HttpAnswer, StepContext, TrafficReading } from '../../core/ports.ts';
import { observeLag } from './observe-lag.ts';
import { probe } from './probe.ts';
import type { ProbePort } from './probes/context.ts';

/** How far back traffic is read: the newest minute may not be published yet when it is, and the one before it is. */
const READ_SECONDS = 120;

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
  const all = Promise.all([...reports, observeLag(context, { round, before })]).then(() => undefined);
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
  const traffic = once(() => readTraffic(context, subject.id, group));
  const readOwn = (): Promise<HttpAnswer> => readDocument(context, subject, group);
  const carrier = signalCarrier(context, group);
  const carried = once(readOwn);
  const stateAfter = (name: string, counting: Counting, result: ProbeResult): readonly [string, CheckState] => {
    const atEpochMs = ports.clock.nowEpochMs();
    return [name, applyProbe(counting, previous?.checks[name], { ...result, atEpochMs })];
  };
  const states = await Promise.all(
    group.map(async ({ name, check }) => {
      // Each reads the document by itself, so that one lost answer is one failure and not several.
      const document = name === carrier ? carried : readOwn;
      return stateAfter(name, check, await probe(check, { name, config, subject, ports, traffic, document }));
    }),
  );
  const signals = carrier === undefined ? [] : readSignals(context, await carried());
  await ports.coordination.mergeReport({
    observer: region,
    subject: subject.id,
    round,
    reportedAtEpochMs: ports.clock.nowEpochMs(),
    checks: Object.fromEntries([
      ...states,
      ...signals.map(({ name, counting, result }) => stateAfter(name, counting, result)),
    ]),
    metrics: group.some(({ check }) => check.kind === 'metric') ? extend(previous?.metrics, await traffic()) : {},
  });
}

/** Checks of one group have one timeout, so that one answer serves them all. */
function timeoutOf(group: readonly NamedCheck[]): number {
  return (group[0]?.check.timeoutSeconds ?? 0) * 1000;
}

function readDocument(
  { config, ports }: Context,
  { endpoint }: RegionConfig,
  group: readonly NamedCheck[],
): Promise<HttpAnswer> {
  return ports.http.get(endpointUrl(endpoint, config.contract.path), { timeoutMs: timeoutOf(group) });
}

/** The check whose document the signals are read in: one of those that read it most often. */
function signalCarrier({ config }: Context, group: readonly NamedCheck[]): string | undefined {
  const interval = signalsOf(config)[0]?.counting.intervalSeconds;
  return group.find(({ check }) => check.kind === 'deep' && check.intervalSeconds === interval)?.name;
}

interface ReadSignal {
  readonly name: string;
  readonly counting: Counting;
  readonly result: ProbeResult;
}

function readSignals({ config }: Context, answer: HttpAnswer): readonly ReadSignal[] {
  const health = answer.answered ? parseContractHealth(answer.body) : undefined;
  return signalsOf(config).map(({ name, counting, read }) => ({
    name,
    counting,
    result: health === undefined ? { result: 'error', reason: 'the document cannot be read' } : read(health),
  }));
}

/** A Region whose metrics do not answer is not measured; its checks say unknown. */
function readTraffic(
  { config, ports }: Context,
  subject: string,
  group: readonly NamedCheck[],
): Promise<TrafficReading | undefined> {
  const { periodSeconds } = config.traffic;
  const nowEpochMs = ports.clock.nowEpochMs();
  return within(timeoutOf(group), () =>
    recentTraffic(ports.traffic, {
      ...{ region: subject, nowEpochMs, periodSeconds },
      periods: Math.ceil(READ_SECONDS / periodSeconds),
    }),
  ).catch(() => undefined);
}

/** The series so far with what was read now. */
function extend(metrics: Metrics = {}, reading: TrafficReading = {}): Metrics {
  const { measuredAtEpochMs: atEpochMs, measuredFromEpochMs: fromEpochMs } = reading;
  const values: Readonly<Partial<Record<MetricName, number | undefined>>> = {
    'error-rate': reading.errorRate,
    'p95-ms': reading.p95Milliseconds,
    'requests-per-second': reading.requestsPerSecond,
  };
  return Object.fromEntries(
    (Object.entries(values) as [MetricName, number | undefined][]).flatMap(([name, value]) =>
      value === undefined || atEpochMs === undefined
        ? []
        : [[name, withMeasurement(metrics[name], { value, atEpochMs, fromEpochMs: fromEpochMs ?? atEpochMs })]],
    ),
  );
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read();
    return reading;
  };
}
