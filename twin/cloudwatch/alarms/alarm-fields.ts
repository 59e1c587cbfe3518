import * as z from 'zod';
import { printableText } from '../text-fields.ts';

const actions = z.array(z.string().min(1).max(1024)).max(5).optional();

/** Fields that metric and composite alarms share. Lengths and counts: API model. */
export const COMMON_ALARM_FIELDS = {
  AlarmName: printableText(255),
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: z.boolean().optional(),
  OKActions: actions,
  AlarmActions: actions,
  InsufficientDataActions: actions,
  /** At most 50, as the API reference has it. The twin keeps no tags. */
  Tags: z
    .array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
    .max(50)
    .optional(),
} as const;

/** The actions of an alarm, as far as the problems below need them. */
export interface ActionLists {
  readonly OKActions?: readonly string[] | undefined;
  readonly AlarmActions?: readonly string[] | undefined;
  readonly InsufficientDataActions?: readonly string[] | undefined;
}

/** Paths and ARNs of the actions that match a pattern. */
export function actionsMatching(lists: ActionLists, pattern: RegExp): readonly { path: string; arn: string }[] {
  return (['OKActions', 'AlarmActions', 'InsufficientDataActions'] as const).flatMap((list) =>
    (lists[list] ?? []).flatMap((arn, index) => (pattern.test(arn) ? [{ path: `${list}[${index}]`, arn }] : [])),
  );
}

/** Stop, terminate, reboot, recover. Source: API reference, PutMetricAlarm, `AlarmActions`. */
export const EC2_ACTION = /^arn:[^:]*:(?:automate:[^:]*:ec2:|swf:.*AWS_EC2\.)/;
/** A scaling policy. Source: as above. */
export const AUTO_SCALING_ACTION = /^arn:[^:]*:autoscaling:/;
