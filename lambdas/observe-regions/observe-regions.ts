import { applicationRegions } from '../../core/config/accessors.ts';
import { COUNTERS } from '../../core/counters.ts';
import { SwitchyardError } from '../../core/errors.ts';
import { COVERAGE_SECONDS, roundAt, roundBegunAt, roundStart } from '../../core/health/rounds.ts';
import type { StepContext } from '../../core/ports.ts';
import { isAlarmEvent } from './alarm-event.ts';
import { decideAndStart } from './decide-and-start.ts';
import type { ProbePort } from './probes/context.ts';
import { startRound } from './run-round.ts';

type Context = StepContext<'coordination' | 'traffic' | 'machines' | 'fleet' | 'notifier' | 'telemetry' | ProbePort>;

/** What an invocation did. */
export interface ObservedRounds {
  readonly claimed: number;
  /** Rounds in which the coordination table did not answer: nothing was reported. */
  readonly isolated: number;
}

/**
 * Observes every application Region in rounds of the clock for as long as one invocation covers. A round belongs to
 * whoever claims its number first, so overlapping invocations count nothing twice. An observer that cannot reach the
 * coordination quorum reports nothing: seeing everything fail from there would prove only its own isolation.
 *
 * An alarm that goes off has it look and decide at once, and no longer; the rounds of the clock go on beside it.
 */
export function createObserveRegions(context: Context): (event?: unknown) => Promise<ObservedRounds> {
  const { config, ports, region } = context;
  return async (event) => {
    // One answer of the table sets a clock that is off before it counts rounds; without an answer it is set by the first claim.
    await ports.coordination.readState().catch(() => undefined);
    if (isAlarmEvent(event)) return observeNow(context);
    const from = ports.clock.nowEpochMs();
    const pending: Promise<void>[] = [];
    let claimed = 0;
    let isolated = 0;
    for (let round = roundAt(from); ; round++) {
      const start = roundStart(config, region, round);
      if (start >= from + COVERAGE_SECONDS * 1000) break;
      if (start < from) continue;
      await ports.clock.sleep(start - ports.clock.nowEpochMs());
      try {
        if (!(await ports.coordination.claimRound(region, round))) continue;
        claimed++;
        await observeRound(context, { round, pending });
      } catch (error) {
        if (isUnreachable(error)) isolated++;
        countFailure(context, error);
      }
    }
    await Promise.all(pending);
    return { claimed, isolated };
  };
}

/** Runs the round that has begun here, or where it is claimed already decides by what is known. */
async function observeNow(context: Context): Promise<ObservedRounds> {
  const { config, ports, region } = context;
  const pending: Promise<void>[] = [];
  const round = roundBegunAt(config, region, ports.clock.nowEpochMs());
  let claimed = 0;
  try {
    if (await ports.coordination.claimRound(region, round)) {
      claimed = 1;
      await observeRound(context, { round, pending });
    } else {
      await decideWhereAsked(context);
    }
    await Promise.all(pending);
    return { claimed, isolated: 0 };
  } catch (error) {
    countFailure(context, error);
    return { claimed, isolated: isUnreachable(error) ? 1 : 0 };
  }
}

/** Runs a round and decides on it; what is still being probed then is left to `pending`, also where deciding fails. */
async function observeRound(
  context: Context,
  { round, pending }: { round: number; pending: Promise<void>[] },
): Promise<void> {
  const { reports } = await context.ports.coordination.readSituation();
  const { fastest, all } = startRound(context, { round, before: reports });
  pending.push(all.catch((error) => countFailure(context, error)));
  await fastest;
  await decideWhereAsked(context, round);
}

/** Vantages only observe. */
async function decideWhereAsked(context: Context, round?: number): Promise<void> {
  if (applicationRegions(context.config).includes(context.region)) await decideAndStart(context, round);
}

/** The table is what a round rests on: what no replica answered may pass, and anything else is a fault to look at. */
function isUnreachable(error: unknown): boolean {
  return error instanceof SwitchyardError && error.retryable;
}

function countFailure({ ports }: Context, error: unknown): void {
  ports.telemetry.failed(isUnreachable(error) ? COUNTERS.coordinationUnreachable : COUNTERS.roundFailed, error);
}
