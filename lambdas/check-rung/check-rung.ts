import { judgeRung, type RungSight, shareWindowSeconds } from '../../core/failback/rung-guard.ts';
import { type Assessment, assess } from '../../core/health/assess.ts';
import type { Journal } from '../../core/operation/journal.ts';
import {
  attemptsPerRequest,
  LATE_PERIODS,
  rateLeft,
  recentTraffic,
  sharePercent,
} from '../../core/operation/measure.ts';
import { bakedRungs, climbOf, findEvent } from '../../core/operation/operation-record.ts';
import { brokenSince } from '../../core/parity/judge-parity.ts';
import type { StepContext, TrafficReading } from '../../core/ports.ts';
import type { CheckRungInput, RungOutput } from '../../state-machines/contracts.ts';
import { assertCurrentServes } from '../assert-current-serves.ts';
import { journalFor } from '../step-journal.ts';

type Context = StepContext<'coordination' | 'clock' | 'traffic'>;

/**
 * Looks at a rung while it bakes: errors, latency and critical checks of the returning Region, and the share of new
 * connections that really goes there; and, before the last rung, whether a release has set the Regions apart meanwhile.
 *
 * @throws {OperationError} `CurrentRegionFailedError` where the Region that serves has itself failed.
 */
export function createCheckRung(context: Context): (input: CheckRungInput) => Promise<RungOutput> {
  const { config } = context;
  return async (input) => {
    const journal = await journalFor('check-rung', context, input);
    const { percent, ramp = false } = input.ladder;
    if (ramp) return lookAtStep(context, journal, input);
    if (bakedRungs(journal.record).includes(percent)) return { verdict: 'baked', waitSeconds: 0, reasons: [] };
    await assertCurrentServes(context, journal);
    const startedAt = await bakeStart(context, journal, percent);
    const { original, sight } = await lookAtRung(context, input, startedAt);
    const verdict = judgeRung(config, { ...sight, original });
    if (verdict.kind === 'keep-watching')
      return { verdict: verdict.kind, waitSeconds: config.failback.checkSeconds, reasons: [] };
    const { elapsedSeconds, ...measured } = sight;
    const detail = { ...measured, bakedSeconds: Math.round(elapsedSeconds) };
    if (verdict.kind === 'baked') {
      await journal.add('done', detail);
      return { verdict: 'baked', waitSeconds: 0, reasons: [] };
    }
    await journal.add('refused', { ...detail, reasons: verdict.reasons });
    return { verdict: 'breach', waitSeconds: 0, reasons: verdict.reasons };
  };
}

/** A step on the way to a rung is looked at once, over the time since its weights were written. */
async function lookAtStep(context: Context, journal: Journal, input: CheckRungInput): Promise<RungOutput> {
  await assertCurrentServes(context, journal);
  const { percent } = input.ladder;
  const since = findEvent(journal.record, 'write-records', 'done')?.atEpochMs ?? journal.record.openedAtEpochMs;
  const { original, sight } = await lookAtRung(context, input, since);
  const verdict = judgeRung(context.config, { ...sight, elapsedSeconds: 0, original });
  if (verdict.kind !== 'breach') return { verdict: 'baked', waitSeconds: 0, reasons: [] };
  await journal.add('refused', { ...sight, percent, ramp: true, reasons: verdict.reasons });
  return { verdict: 'breach', waitSeconds: 0, reasons: verdict.reasons };
}

/** The bake begins with the first look, which comes after the caches have followed; after a breach it begins anew. */
async function bakeStart({ ports }: Context, journal: Journal, percent: number): Promise<number> {
  const looks = climbOf(journal.record).filter(({ step }) => step === 'check-rung');
  const begun = looks
    .slice(looks.findLastIndex(({ outcome }) => outcome === 'refused') + 1)
    .find(({ outcome, detail }) => outcome === 'waiting' && detail['percent'] === percent);
  if (begun !== undefined) return begun.atEpochMs;
  await journal.add('waiting', { percent });
  return ports.clock.nowEpochMs();
}

/** Only periods of this bake count: what came before, a writer's move for instance, is not the rung's doing. */
async function lookAtRung(
  { config, ports }: Context,
  { operation, ladder }: CheckRungInput,
  sinceEpochMs: number,
): Promise<{ original: Assessment; sight: Omit<RungSight, 'original'> }> {
  const nowEpochMs = ports.clock.nowEpochMs();
  const { periodSeconds } = config.traffic;
  const windowPeriods = Math.max(1, Math.floor(shareWindowSeconds(config) / periodSeconds));
  const read = (region: string, periods: number, latePeriods = 0): Promise<TrafficReading | undefined> =>
    recentTraffic(ports.traffic, { region, nowEpochMs, periodSeconds, periods, latePeriods, sinceEpochMs });
  const newest = (region: string): Promise<TrafficReading | undefined> => read(region, 2, LATE_PERIODS);
  const [{ reports, parity }, service, returning, serving, servingNow] = await Promise.all([
    ports.coordination.readSituation(),
    newest(operation.target),
    read(operation.target, windowPeriods),
    read(operation.source, windowPeriods),
    config.traffic.retries === undefined ? undefined : newest(operation.source),
  ]);
  const share = sharePercent(returning?.connectionsPerSecond, rateLeft(serving, 'connectionsPerSecond'));
  const record = parity.find(({ target }) => target === operation.target);
  const brokenParity = ladder.percent < 100 ? brokenSince(record, { source: operation.source, sinceEpochMs }) : [];
  const sight = {
    percent: ladder.percent,
    elapsedSeconds: (nowEpochMs - sinceEpochMs) / 1000,
    ...(service?.errorRate === undefined ? {} : { errorPercent: service.errorRate * 100 }),
    ...(service?.p95Milliseconds === undefined ? {} : { p95Milliseconds: service.p95Milliseconds }),
    ...(share === undefined ? {} : { observedSharePercent: share }),
    ...(brokenParity.length === 0 ? {} : { brokenParity }),
    ...herdSight(config, { operation, service, servingNow }),
  };
  return { original: assess(config, { subject: operation.target, reports, nowEpochMs }), sight };
}

/** What is judged of a herd, as far as the config names it. */
function herdSight(
  { failback, traffic }: Context['config'],
  {
    operation,
    service,
    servingNow,
  }: {
    readonly operation: CheckRungInput['operation'];
    readonly service: TrafficReading | undefined;
    readonly servingNow: TrafficReading | undefined;
  },
): Pick<RungSight, 'requestsPerSecond' | 'attemptsPerRequest'> {
  const isCapped = Object.keys(failback.requestCaps).length > 0;
  const rate = isCapped ? service?.requestsPerSecond : undefined;
  const attempts = [
    [operation.target, attemptsPerRequest(service)],
    [operation.source, attemptsPerRequest(servingNow)],
  ] as const;
  const known = attempts.filter((entry): entry is readonly [string, number] => entry[1] !== undefined);
  return {
    ...(rate === undefined ? {} : { requestsPerSecond: rate }),
    ...(traffic.retries === undefined ? {} : { attemptsPerRequest: Object.fromEntries(known) }),
  };
}
