import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import { COUNTERS, type Counter, counterMetric, OBSERVERS_SILENT, regionMetric } from '../counters.ts';
import { SILENT_ROUNDS } from '../health/silent-observers.ts';
import { type AlarmSite, above, type CompiledAlarm, dimensionsOf, type Limit, type Watched } from './definition.ts';
import { named } from './naming.ts';

type Site = AlarmSite<Pick<ResolvedConfig, 'application'>>;

/** An alarm on our own work: all of these tell people. */
interface OperationAlarm {
  readonly id: string;
  readonly runbook: string;
  readonly says: string;
  readonly watched: Watched;
  readonly limit: Limit;
}

/** The function that decides, starts and tells. */
const OBSERVER = 'observe-regions';
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
];

/**
 * Lambda keeps an invocation's metrics under the minute in which it began and sends them when it has ended, here some
 * four minutes later, and sends none that are zero. So the newest of three spans of five minutes may still be empty while
 * all is well, and three empty ones are an observer that has not run for ten minutes at least.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html
 */
const OBSERVED = { periodSeconds: 300, spans: 3 } as const;

/** Minutes in which an observer has to be silent: a deployment replaces its function within less (assumed). */
const SILENT_MINUTES = 3;

/** Alarms on this project's own work in a Region: what was decided and not done, told and not heard, or not looked at. */
export function operationAlarms(site: Site): readonly CompiledAlarm[] {
  return [...failureAlarms(site), observerMissing(site), observersSilent(site)].map(
    ({ id, runbook, says, watched, limit }) => ({
      kind: 'metric',
      id,
      runbook,
      tellsPeople: true,
      wakesObserver: false,
      definition: { ...named(site, { id, says, runbook }), ...watched, ...limit },
    }),
  );
}

function failureAlarms(site: Site): readonly OperationAlarm[] {
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

function observerMissing(site: Site): OperationAlarm {
  const { periodSeconds, spans } = OBSERVED;
  return {
    id: 'observer-missing',
    runbook: 'observer-missing',
    says: `The observer of ${whereOf(site)} does not run`,
    watched: {
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Dimensions: dimensionsOf({ FunctionName: names.stepFunction(site.config, OBSERVER) }),
      Statistic: 'Sum',
      Period: periodSeconds,
    },
    limit: {
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: spans,
      DatapointsToAlarm: spans,
      TreatMissingData: 'breaching',
    },
  };
}

function observersSilent(site: Site): OperationAlarm {
  const { namespace, dimensions } = regionMetric(site.config, site.region);
  return {
    id: 'observers-silent',
    runbook: 'observers-silent',
    says: `Observers of ${site.config.application} have not reported for ${SILENT_ROUNDS} rounds, as ${site.region} sees it`,
    watched: {
      Namespace: namespace,
      MetricName: OBSERVERS_SILENT,
      Dimensions: dimensionsOf(dimensions),
      Statistic: 'Maximum',
      Period: MINUTE_SECONDS,
    },
    limit: above(0, { periods: SILENT_MINUTES, missing: 'missing' }),
  };
}

function whereOf({ config, region }: Site): string {
  return `${config.application} in ${region}`;
}
