import { COUNTERS, type Counter, counterMetric } from '../counters.ts';
import { above, type CompiledAlarm, dimensionsOf } from './definition.ts';
import { named } from './naming.ts';
import { observerAlarms } from './observers.ts';
import { OBSERVER, type OperationAlarm, type OperationSite, whereOf } from './operation-alarm.ts';

const MINUTE_SECONDS = 60;

/** Failures that nobody else gets to see, and the page that says what to do about each. */
const FAILURES: readonly {
  readonly id: string;
  readonly counter: Counter;
  readonly what: string;
  readonly runbook: string;
  /** Minutes in a row in which it happens; one where each time is one too many. */
  readonly minutes: number;
}[] = [
  {
    id: 'start-failed',
    counter: COUNTERS.startFailed,
    what: 'A failover was decided on and its machine could not be started',
    runbook: 'failover-not-started',
    minutes: 1,
  },
  {
    id: 'start-exhausted',
    counter: COUNTERS.startExhausted,
    what: 'A failover was decided on and every execution of it has ended without opening an operation',
    runbook: 'failover-not-started',
    minutes: 1,
  },
  {
    id: 'notification-failed',
    counter: COUNTERS.notificationFailed,
    what: 'A person should have been asked and the message was not sent',
    runbook: 'notification-failed',
    minutes: 1,
  },
  {
    id: 'coordination-unreachable',
    counter: COUNTERS.coordinationUnreachable,
    what: 'The observer does not reach the coordination table, reports nothing and decides nothing',
    runbook: 'coordination-unreachable',
    // One round without an answer passes by itself, and is counted by every invocation that tried it (assumed).
    minutes: 2,
  },
  {
    id: 'rounds-failed',
    counter: COUNTERS.roundFailed,
    what: 'Rounds of the observer fail for another reason than the table: nothing is decided here',
    runbook: 'rounds-failed',
    minutes: 2,
  },
  {
    id: 'decision-not-kept',
    counter: COUNTERS.decisionNotKept,
    what: 'A verdict was acted on and could not be kept with what it rests on',
    runbook: 'rounds-failed',
    minutes: 1,
  },
];

/** Alarms on this project's own work in a Region: what was decided and not done, told and not heard, or not looked at. */
export function operationAlarms(site: OperationSite): readonly CompiledAlarm[] {
  return [...failureAlarms(site), ...observerAlarms(site)].map(({ id, runbook, says, watched, limit }) => ({
    kind: 'metric',
    id,
    runbook,
    tellsPeople: true,
    wakesObserver: false,
    definition: { ...named(site, { id, says, runbook }), ...watched, ...limit },
  }));
}

function failureAlarms(site: OperationSite): readonly OperationAlarm[] {
  const { namespace, dimensions } = counterMetric({ ...site, functionName: OBSERVER });
  return FAILURES.map(({ id, counter, what, runbook, minutes }) => ({
    id,
    runbook,
    says: `${what}: ${whereOf(site)}`,
    watched: {
      Namespace: namespace,
      MetricName: counter,
      Dimensions: dimensionsOf(dimensions),
      Statistic: 'Sum',
      Period: MINUTE_SECONDS,
    },
    // Nothing is counted while nothing fails.
    limit: above(0, { periods: minutes, missing: 'notBreaching' }),
  }));
}
