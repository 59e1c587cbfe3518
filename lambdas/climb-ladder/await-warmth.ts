import { isGated, judgeWarmth, WARM_UP_POLL_SECONDS, type Warmth } from '../../core/failback/warm-up.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { LATE_PERIODS, recentTraffic } from '../../core/operation/measure.ts';
import { climbOf, type OperationRecord } from '../../core/operation/operation-record.ts';
import type { StepContext, TrafficReading } from '../../core/ports.ts';
import { assertCurrentServes } from '../assert-current-serves.ts';

type Context = StepContext<'coordination' | 'clock' | 'traffic'>;

/**
 * Looks whether the returning Region is warm enough for a rung that is about to begin, once per rung; what was found is
 * put on record. An emergency begins all the same, and the record lists what it skipped.
 *
 * @returns seconds to wait before the next look; undefined where the rung may begin
 * @throws {OperationError} `RegionNotWarmError` after `failback.warmUpMinutes`; `CurrentRegionFailedError` where the Region
 * that serves has itself failed.
 */
export async function awaitWarmth(context: Context, journal: Journal, percent: number): Promise<number | undefined> {
  const { config } = context;
  const { source: serving, target: original, mode } = journal.record.request;
  if (!isGated(config, { percent, original }) || isSettled(journal, percent)) return undefined;
  await assertCurrentServes(context, journal);
  const warmth = judgeWarmth(
    config,
    { percent, original },
    { returning: await newest(context, original), serving: await newest(context, serving) },
  );
  const skipped = warmth.reasons.length > 0 && mode === 'emergency';
  if (warmth.reasons.length === 0 || skipped) {
    const gates = skipped ? { skippedGates: warmth.reasons } : {};
    await journal.add(skipped ? 'skipped' : 'done', { warmFor: percent, ...warmth, ...gates });
    return undefined;
  }
  await refuseAfterDeadline(context, journal, { percent, warmth });
  return WARM_UP_POLL_SECONDS;
}

function isSettled({ record }: Journal, percent: number): boolean {
  return linesOf(record, percent).some(({ outcome }) => outcome === 'done' || outcome === 'skipped');
}

/** Lines about a rung since the last one that was refused, or a hold: whoever resumes gives it time again. */
function linesOf(record: OperationRecord, percent: number): OperationRecord['events'] {
  const climb = climbOf(record);
  const resumed = climb.slice(climb.findLastIndex(({ step }) => step === 'hold-operation') + 1);
  const about = resumed.filter(({ step, detail }) => step === 'climb-ladder' && detail['warmFor'] === percent);
  return about.slice(about.findLastIndex(({ outcome }) => outcome === 'refused') + 1);
}

async function refuseAfterDeadline(
  { config, ports }: Context,
  journal: Journal,
  { percent, warmth }: { readonly percent: number; readonly warmth: Warmth },
): Promise<void> {
  const nowEpochMs = ports.clock.nowEpochMs();
  const first = linesOf(journal.record, percent).find(({ outcome }) => outcome === 'waiting');
  if (first === undefined) await journal.add('waiting', { warmFor: percent, ...warmth });
  const waitedSeconds = Math.round((nowEpochMs - (first?.atEpochMs ?? nowEpochMs)) / 1000);
  const { warmUpMinutes } = config.failback;
  if (waitedSeconds <= warmUpMinutes * 60) return;
  await journal.add('refused', { warmFor: percent, ...warmth });
  throw new OperationError(
    'RegionNotWarmError',
    `the rung of ${percent} % was not begun: after ${waitedSeconds} s (failback.warmUpMinutes allows ${warmUpMinutes} min) ${warmth.reasons.join('; ')}; warm it, or bring it to its size, and start the failback again`,
  );
}

function newest({ config, ports }: Context, region: string): Promise<TrafficReading | undefined> {
  const { periodSeconds } = config.traffic;
  const nowEpochMs = ports.clock.nowEpochMs();
  return recentTraffic(ports.traffic, { region, nowEpochMs, periodSeconds, periods: 1, latePeriods: LATE_PERIODS });
}
