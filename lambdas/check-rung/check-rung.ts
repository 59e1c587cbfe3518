import { judgeRung, type RungSight, shareWindowSeconds } from '../../core/failback/rung-guard.ts';
import { type Assessment, assess } from '../../core/health/assess.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { LATE_PERIODS, rateLeft, recentTraffic, sharePercent } from '../../core/operation/measure.ts';
import { bakedRungs } from '../../core/operation/operation-record.ts';
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
    const { percent } = input.ladder;
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

/** The bake begins with the first look, which comes after the caches have followed; after a breach it begins anew. */
async function bakeStart({ ports }: Context, journal: Journal, percent: number): Promise<number> {
  const looks = journal.record.events.filter(({ step }) => step === 'check-rung');
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
  const [{ reports, parity }, service, returning, serving] = await Promise.all([
    ports.coordination.readSituation(),
    read(operation.target, 2, LATE_PERIODS),
    read(operation.target, windowPeriods),
    read(operation.source, windowPeriods),
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
  };
  return { original: assess(config, { subject: operation.target, reports, nowEpochMs }), sight };
}
