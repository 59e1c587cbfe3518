import { Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { switchAlarmsIn } from '../../core/routing/compile/switch-alarms.ts';

/** Properties of the alarms. */
export interface SwitchAlarmsProps {
  readonly config: ResolvedConfig;
}

/**
 * The alarms that Route 53 reads the switches of other Regions from, where these are metrics; none otherwise. They tell
 * nobody: whoever sets a switch tells about it.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html
 */
export class SwitchAlarms extends Construct {
  constructor(scope: Construct, id: string, { config }: SwitchAlarmsProps) {
    super(scope, id);
    for (const { ward, definition } of switchAlarmsIn(config, Stack.of(this).region)) {
      const { Dimensions, ...rest } = definition;
      new CfnAlarm(this, ward, {
        alarmName: rest.AlarmName,
        alarmDescription: rest.AlarmDescription,
        namespace: rest.Namespace,
        metricName: rest.MetricName,
        dimensions: Dimensions.map(({ Name, Value }) => ({ name: Name, value: Value })),
        statistic: rest.Statistic,
        period: rest.Period,
        evaluationPeriods: rest.EvaluationPeriods,
        threshold: rest.Threshold,
        comparisonOperator: rest.ComparisonOperator,
        treatMissingData: rest.TreatMissingData,
        actionsEnabled: false,
      });
    }
  }
}
