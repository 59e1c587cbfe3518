import { Stack } from 'aws-cdk-lib';
import {
  CfnAlarm,
  type CfnAlarmProps,
  CfnCompositeAlarm,
  type CfnCompositeAlarmProps,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { compileAlarms } from '../../core/alarms/compile.ts';
import type { CompiledAlarm } from '../../core/alarms/definition.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { inCdkCase } from '../cdk-case.ts';

/** Properties of a Region's alarms. */
export interface RegionAlarmsProps {
  readonly config: ResolvedConfig;
  /** Who is told, of an alarm and of its end. */
  readonly topic: ITopic;
}

/**
 * Every alarm of an application Region, as it is compiled from the config (`core/alarms`). A composite alarm comes after those
 * that its rule names, without which it cannot be created.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-combining.html
 */
export class RegionAlarms extends Construct {
  constructor(scope: Construct, id: string, { config, topic }: RegionAlarmsProps) {
    super(scope, id);
    const made = new Map<string, CfnAlarm | CfnCompositeAlarm>();
    for (const alarm of compileAlarms(config, Stack.of(this).region)) {
      const resource = this.add(alarm, alarm.tellsPeople ? [topic.topicArn] : []);
      for (const child of alarm.kind === 'composite' ? alarm.children : []) {
        const known = made.get(child);
        if (known !== undefined) resource.addResourceDependency(known);
      }
      made.set(alarm.id, resource);
    }
  }

  private add(alarm: CompiledAlarm, actions: readonly string[]): CfnAlarm | CfnCompositeAlarm {
    const told = actions.length === 0 ? {} : { alarmActions: [...actions], okActions: [...actions] };
    return alarm.kind === 'metric'
      ? new CfnAlarm(this, alarm.id, { ...(inCdkCase(alarm.definition) as CfnAlarmProps), ...told })
      : new CfnCompositeAlarm(this, alarm.id, { ...(inCdkCase(alarm.definition) as CfnCompositeAlarmProps), ...told });
  }
}
