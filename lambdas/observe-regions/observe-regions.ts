import { applicationRegions } from '../../core/config/accessors.ts';
import { COUNTERS } from '../../core/counters.ts';
import { SwitchyardError } from '../../core/errors.ts';
import { COVERAGE_SECONDS, roundAt, roundStart } from '../../core/health/rounds.ts';
import type { StepContext } from '../../core/ports.ts';
import { decideAndStart } from './decide-and-start.ts';
import type { ProbePort } from './probes/context.ts';
import { startRound } from './run-round.ts';

type Context = StepContext<'coordination' | 'traffic' | 'machines' | 'notifier' | 'telemetry' | ProbePort>;

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
 */
export function createObserveRegions(context: Context): () => Promise<ObservedRounds> {
  const { config, ports, region } = context;
  return async () => {
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

/** Runs a round and decides on it; what is still being probed then is left to `pending`, also where deciding fails. */
async function observeRound(
  context: Context,
  { round, pending }: { round: number; pending: Promise<void>[] },
): Promise<void> {
  const { config, ports, region } = context;
  const { reports } = await ports.coordination.readSituation();
  const { fastest, all } = startRound(context, { round, before: reports });
  pending.push(all.catch((error) => countFailure(context, error)));
  await fastest;
  if (applicationRegions(config).includes(region)) await decideAndStart(context);
}

/** The table is what a round rests on: what no replica answered may pass, and anything else is a fault to look at. */
function isUnreachable(error: unknown): boolean {
  return error instanceof SwitchyardError && error.retryable;
}

function countFailure({ ports }: Context, error: unknown): void {
  ports.telemetry.failed(isUnreachable(error) ? COUNTERS.coordinationUnreachable : COUNTERS.roundFailed, error);
}
