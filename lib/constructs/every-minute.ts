import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { createRole } from '../permissions/create-role.ts';

/** Properties of a schedule. */
export interface EveryMinuteProps {
  readonly invoke: LambdaFunction;
  /** What happens every minute, for the console. */
  readonly description: string;
}

/**
 * Invokes a function once a minute. What was missed is not made up for: the next minute comes anyway, and a look at the
 * world as it was is worth nothing. That holds for the schedule's retries and for those of Lambda's own queue.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export class EveryMinute extends Construct {
  constructor(scope: Construct, id: string, { invoke, description }: EveryMinuteProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    const role = createRole(this, 'Role', {
      // Only schedules of this account: not somebody else's that names our role.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
      grants: [{ purpose: 'Invoke', actions: ['lambda:InvokeFunction'], resources: [invoke.functionArn] }],
    });
    new Schedule(this, 'Schedule', {
      description,
      // At full minutes, not a minute after whenever it was deployed: the first look comes sooner.
      schedule: ScheduleExpression.cron({}),
      timeWindow: TimeWindow.off(),
      target: new LambdaInvoke(invoke, { role, retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
    });
    invoke.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  }
}
