import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { TRAFFIC_ALARMS } from '../../core/alarms.ts';
import { checksOf } from '../../core/config/accessors.ts';
import type { Check } from '../../core/config/checks.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { runbookLink } from '../../core/notification/links.ts';

type MetricCheck = Extract<Check, { kind: 'metric' }>;

/** Properties of a Region's alarms. */
export interface TrafficAlarmsProps {
  readonly config: ResolvedConfig;
  /** Who is told, of an alarm and of its end. */
  readonly topic: ITopic;
}

/** What the application publishes is summed up by the minute. */
const PERIOD = Duration.minutes(1);
/** Requests a second below which a rate is an accident of few requests (assumed). */
const FLOOR_PER_SECOND = 1;

/**
 * An alarm for each metric check of the table, with its limit and its patience. Alarms tell people; what moves traffic
 * are the observers' verdicts, on the same limits.
 *
 * No data is no verdict: an alarm without it says "insufficient data", neither "ok" nor "in alarm".
 */
export class TrafficAlarms extends Construct {
  constructor(scope: Construct, id: string, { config, topic }: TrafficAlarmsProps) {
    super(scope, id);
    const { region } = Stack.of(this);
    for (const { name, check } of checksOf(config)) {
      if (check.kind !== 'metric') continue;
      const shape = TRAFFIC_ALARMS[check.metric];
      const minutes = patienceMinutes(check);
      const alarm = new Alarm(this, `${shape.id}-${name}`, {
        alarmDescription: [
          `${check.metric} of ${config.application} in ${region} above ${check.above} for ${minutes} min,`,
          `at ${FLOOR_PER_SECOND} request/s or more. Runbook: ${runbookLink(shape.runbook)}`,
        ].join(' '),
        metric: new MathExpression({
          expression: `IF(requests >= ${FLOOR_PER_SECOND * PERIOD.toSeconds()}, ${shape.value}, 0)`,
          usingMetrics: Object.fromEntries(shape.over.map((metric) => [metric, trafficMetric(config, region, metric)])),
          period: PERIOD,
        }),
        threshold: check.above,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: minutes,
        datapointsToAlarm: minutes,
        treatMissingData: TreatMissingData.MISSING,
      });
      alarm.addAlarmAction(new SnsAction(topic));
      alarm.addOkAction(new SnsAction(topic));
    }
  }
}

/** The time in which an observer would have seen as many failures as its threshold asks for. */
function patienceMinutes({ intervalSeconds, failureThreshold }: MetricCheck): number {
  return Math.ceil((intervalSeconds * failureThreshold) / PERIOD.toSeconds());
}

function trafficMetric(
  { application, traffic }: ResolvedConfig,
  region: string,
  name: 'requests' | 'errors' | 'p95',
): Metric {
  return new Metric({
    namespace: traffic.namespace,
    metricName: name === 'p95' ? traffic.latency : traffic[name],
    dimensionsMap: { Application: application, Region: region },
    statistic: name === 'p95' ? 'p95' : 'Sum',
    period: PERIOD,
  });
}
