import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { OPERATION_FAILURES } from '../../core/alarms.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type Counter, counterMetric } from '../../core/counters.ts';
import { runbookLink } from '../../core/notification/links.ts';

/** Properties of the alarms. */
export interface OperationAlarmsProps {
  readonly config: ResolvedConfig;
  /** Who is told, of an alarm and of its end. */
  readonly topic: ITopic;
}

/** The function that decides, starts and tells. */
const OBSERVER = 'observe-regions';

/**
 * Lambda keeps an invocation's metrics under the minute in which it began and sends them when it has ended, here some
 * four minutes later, and sends none that are zero. So the newest of three spans of five minutes may still be empty while
 * all is well, and three empty ones are an observer that has not run for ten minutes at least.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html
 */
const OBSERVED = { period: Duration.minutes(5), spans: 3 } as const;

/** Alarms on this project's own work in a Region: what was decided and not done, told and not heard, or not looked at. */
export class OperationAlarms extends Construct {
  private readonly topic: ITopic;

  constructor(scope: Construct, id: string, { config, topic }: OperationAlarmsProps) {
    super(scope, id);
    this.topic = topic;
    const { region } = Stack.of(this);
    const where = `${config.application} in ${region}`;
    for (const { id: alarm, counter, what, page } of OPERATION_FAILURES) {
      this.add(alarm, {
        text: `${what}: ${where}. Runbook: ${runbookLink(page)}`,
        metric: ownCounter(config, region, counter),
        over: { spans: 1, limit: 0, comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD },
        // Nothing is counted while nothing fails.
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    }
    this.add('ObserverMissing', {
      text: `The observer of ${where} does not run. Runbook: ${runbookLink('observer-missing')}`,
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'Invocations',
        dimensionsMap: { FunctionName: names.stepFunction(config, OBSERVER) },
        statistic: 'Sum',
        period: OBSERVED.period,
      }),
      over: { spans: OBSERVED.spans, limit: 1, comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD },
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  private add(
    id: string,
    {
      text,
      metric,
      over: { spans, limit, comparisonOperator },
      treatMissingData,
    }: {
      text: string;
      metric: IMetric;
      over: { spans: number; limit: number; comparisonOperator: ComparisonOperator };
      treatMissingData: TreatMissingData;
    },
  ): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: text,
      metric,
      threshold: limit,
      comparisonOperator,
      evaluationPeriods: spans,
      datapointsToAlarm: spans,
      treatMissingData,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

function ownCounter(config: ResolvedConfig, region: string, counter: Counter): Metric {
  const { namespace, dimensions } = counterMetric({ config, region, functionName: OBSERVER });
  return new Metric({
    namespace,
    metricName: counter,
    dimensionsMap: { ...dimensions },
    statistic: 'Sum',
    period: Duration.minutes(1),
  });
}
