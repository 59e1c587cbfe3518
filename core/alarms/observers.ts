import { names } from '../config/names.ts';
import { OBSERVERS_SILENT, regionMetric } from '../counters.ts';
import { SILENT_ROUNDS } from '../health/silent-observers.ts';
import { above, dimensionsOf } from './definition.ts';
import { OBSERVER, type OperationAlarm, type OperationSite, whereOf } from './operation-alarm.ts';

/**
 * Lambda keeps an invocation's metrics under the minute in which it began and sends them when it has ended, here some
 * four minutes later, and sends none that are zero. So the newest of three spans of five minutes may still be empty while
 * all is well, and three empty ones are an observer that has not run for ten minutes at least.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html
 */
const OBSERVED = { periodSeconds: 300, spans: 3 } as const;

/** How many observers are silent is published once a minute. */
const PERIOD_SECONDS = 60;
/** Minutes in which an observer has to be silent: a deployment replaces its function within less (assumed). */
const SILENT_MINUTES = 3;

/** Alarms on observers that do not look: the Region's own, and any one that the config has. */
export function observerAlarms(site: OperationSite): readonly OperationAlarm[] {
  return [observerMissing(site), observersSilent(site)];
}

function observerMissing(site: OperationSite): OperationAlarm {
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

function observersSilent(site: OperationSite): OperationAlarm {
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
      Period: PERIOD_SECONDS,
    },
    limit: above(0, { periods: SILENT_MINUTES, missing: 'missing' }),
  };
}
