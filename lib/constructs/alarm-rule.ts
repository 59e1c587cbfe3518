import { Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { wakingAlarms } from '../../core/alarms/compile.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';

/** Properties of the rule. */
export interface AlarmRuleProps {
  readonly config: ResolvedConfig;
  /** The Region's observer. */
  readonly observe: Lambda;
}

/**
 * Has the observer look and decide as soon as the Region's alarms say that another Region is impaired, or that its own traffic
 * suffers. What is missed is not made up for: the next round comes within ten seconds. No alarm, no rule.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export class AlarmRule extends Construct {
  constructor(scope: Construct, id: string, { config, observe }: AlarmRuleProps) {
    super(scope, id);
    const alarmName = [...wakingAlarms(config, Stack.of(this).region)];
    if (alarmName.length === 0) return;
    new Rule(this, 'Rule', {
      description: `Has the observer of ${config.application} look at once when one of these alarms goes off.`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        detail: { alarmName, state: { value: ['ALARM'] } },
      },
      targets: [new LambdaFunction(observe, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
