import { DEFAULT_FAILURE_THRESHOLD } from '../../../core/routing/route53-limits.ts';
import type { ClockPorts, WorldPorts } from '../ports.ts';
import { observe } from './checker.ts';
import { judgeProbe } from './probe-verdict.ts';
import { observedWithoutData } from './resulting-status.ts';
import { type Checker, intervalMs, isEndpointCheck, type RunningCheck } from './running-check.ts';

/** Milliseconds from a checker's change of status to the DNS locations knowing it. Assumed: "constantly sending". */
export const STATUS_DELAY_MS = 1_000;
/** Milliseconds between two looks at an alarm's data stream or at a routing control. Assumed. */
export const SIGNAL_INTERVAL_MS = 10_000;

/** What probing needs from outside, and whom it tells. */
export interface ProbingOptions {
  readonly clock: ClockPorts;
  readonly world: WorldPorts;
  /** A checker's changed status has reached the DNS locations. */
  readonly onReport: (check: RunningCheck) => void;
  /** An alarm's data or a routing control was read. */
  readonly onSignal: (check: RunningCheck, healthy: boolean) => void;
}

/** Asks endpoints, alarms and routing controls at their times. */
export interface Probing {
  /** Begins, or begins anew; a disabled or calculated check asks nothing. */
  start(check: RunningCheck): void;
  stop(check: RunningCheck): void;
}

/** Asks nothing until a check is started. */
export function createProbing({ clock, world, onReport, onSignal }: ProbingOptions): Probing {
  const probe = (check: RunningCheck, checker: Checker, run: number): void => {
    if (check.run !== run) return;
    const { changed, doneMs } = askEndpoint(check, checker, { clock, world });
    if (changed) {
      const { healthy } = checker.state;
      clock.at(doneMs + STATUS_DELAY_MS, () => {
        if (check.run !== run) return;
        checker.reported = healthy;
        onReport(check);
      });
    }
    // The interval counts from the response to the next request (API_HealthCheckConfig, RequestInterval).
    clock.at(doneMs + intervalMs(check.config), () => probe(check, checker, run));
  };

  const readSignal = (check: RunningCheck, run: number): void => {
    if (check.run !== run) return;
    onSignal(check, askSignal(check, world, clock.now()));
    clock.at(clock.now() + SIGNAL_INTERVAL_MS, () => readSignal(check, run));
  };

  const start = (check: RunningCheck): void => {
    check.run += 1;
    const { config, run } = check;
    if (config.Disabled === true || config.Type === 'CALCULATED') return;
    if (!isEndpointCheck(config)) readSignal(check, run);
    // Checkers do not coordinate, so each begins at its own moment within an interval.
    for (const checker of check.checkers) {
      clock.at(clock.now() + clock.random() * intervalMs(config), () => probe(check, checker, run));
    }
  };

  return {
    start,
    stop: (check) => {
      check.run += 1;
    },
  };
}

function askEndpoint(
  { config }: RunningCheck,
  checker: Checker,
  { clock, world }: Pick<ProbingOptions, 'clock' | 'world'>,
): { readonly changed: boolean; readonly doneMs: number } {
  const nowMs = clock.now();
  const verdict = judgeProbe(config, world.probe(config, checker.region, nowMs));
  const before = checker.state.healthy;
  checker.lastReport = { report: verdict.report, checkedAtMs: nowMs };
  checker.state = observe(checker.state, verdict.passed, config.FailureThreshold ?? DEFAULT_FAILURE_THRESHOLD);
  return { changed: checker.state.healthy !== before, doneMs: nowMs + verdict.tookMs };
}

/** What a check without checkers of its own observes now. */
function askSignal(check: RunningCheck, world: WorldPorts, nowMs: number): boolean {
  const { Type, AlarmIdentifier: alarm, RoutingControlArn: arn } = check.config;
  if (Type === 'RECOVERY_CONTROL') return (world.routingControlState?.(arn ?? '', nowMs) ?? 'On') === 'On';
  const state = alarm === undefined ? undefined : world.alarmDataState?.(alarm, nowMs);
  if (state === 'OK' || state === 'ALARM') check.lastKnown = state === 'OK';
  else return observedWithoutData(check.config, check.lastKnown);
  return check.lastKnown;
}
