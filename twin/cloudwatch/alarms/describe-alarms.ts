import type {
  CompositeAlarm,
  DescribeAlarmsCommandInput,
  DescribeAlarmsOutput,
  MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { type Problem, RefusedInputError } from '../../../core/errors.ts';
import { ALARM_STATES } from '../alarm-state.ts';
import { type Fields, parseFields } from '../parse-fields.ts';
import type { AlarmRecord, CompositeAlarmRecord, MetricAlarmRecord } from './alarm-record.ts';
import type { AlarmRegistry } from './alarm-registry.ts';

const SOURCE = 'API reference, DescribeAlarms';
const FIELDS = {
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmNamePrefix: z.string().min(1).max(255).optional(),
  AlarmTypes: z.array(z.enum(['CompositeAlarm', 'MetricAlarm', 'LogAlarm'])).optional(),
  ChildrenOfAlarmName: z.string().min(1).max(255).optional(),
  ParentsOfAlarmName: z.string().min(1).max(255).optional(),
  StateValue: z.enum(ALARM_STATES).optional(),
  ActionPrefix: z.string().min(1).max(1024).optional(),
  MaxRecords: z.int().min(1).max(100).optional(),
  NextToken: z.string().optional(),
} as const;
/** Fields that may stand beside ChildrenOfAlarmName and ParentsOfAlarmName. */
const PAGE_FIELDS = ['MaxRecords', 'NextToken'];

/**
 * `DescribeAlarms`: alarms in the order of their names, by pages. Without AlarmTypes only metric alarms, as in the API.
 * Throws a RefusedInputError with every problem.
 */
export function describeAlarms(registry: AlarmRegistry, input: DescribeAlarmsCommandInput): DescribeAlarmsOutput {
  const { fields, problems } = parseFields(FIELDS, { ...input }, { path: '', source: SOURCE });
  const all = [...problems, ...exclusiveFields(input)];
  if (all.length > 0) throw new RefusedInputError('DescribeAlarms', all, 'ValidationError');

  const found = registry.all().filter((record) => isAskedFor(record, fields, registry));
  const start = fields.NextToken === undefined ? 0 : found.findIndex(({ name }) => name === fields.NextToken);
  if (start === -1) throw unknownToken(fields.NextToken);
  const end = start + (fields.MaxRecords ?? 100);
  const page = found.slice(start, end);
  const next = found[end]?.name;
  return {
    MetricAlarms: page.filter((record) => record.kind === 'metric').map(metricAlarm),
    CompositeAlarms: page.filter((record) => record.kind === 'composite').map(compositeAlarm),
    LogAlarms: [],
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

function isAskedFor(record: AlarmRecord, fields: Fields<typeof FIELDS>, registry: AlarmRegistry): boolean {
  const { AlarmNames, AlarmNamePrefix, StateValue, ActionPrefix } = fields;
  if (fields.ParentsOfAlarmName !== undefined) {
    return registry.parentsOf(fields.ParentsOfAlarmName).includes(record.name);
  }
  if (fields.ChildrenOfAlarmName !== undefined) {
    return registry.parentsOf(record.name).includes(fields.ChildrenOfAlarmName);
  }
  return (
    (fields.AlarmTypes ?? ['MetricAlarm']).includes(record.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm') &&
    (AlarmNames === undefined || AlarmNames.includes(record.name)) &&
    record.name.startsWith(AlarmNamePrefix ?? '') &&
    (StateValue === undefined || record.state.value === StateValue) &&
    (ActionPrefix === undefined || allActions(record).some((action) => action.startsWith(ActionPrefix)))
  );
}

function exclusiveFields(input: DescribeAlarmsCommandInput): readonly Problem[] {
  const given = Object.entries(input).flatMap(([field, value]) => (value === undefined ? [] : [field]));
  const alone = given.find((field) => field === 'ChildrenOfAlarmName' || field === 'ParentsOfAlarmName');
  const clash =
    alone === undefined
      ? given.includes('AlarmNames') && given.includes('AlarmNamePrefix')
      : given.some((field) => field !== alone && !PAGE_FIELDS.includes(field));
  return clash
    ? [
        {
          path: alone ?? 'AlarmNamePrefix',
          message: 'cannot stand beside the other fields',
          value: given,
          source: SOURCE,
        },
      ]
    : [];
}

function unknownToken(token: string | undefined): RefusedInputError {
  const problem = {
    path: 'NextToken',
    message: 'is not known any more',
    value: token,
    remedy: 'start again',
    source: SOURCE,
  };
  return new RefusedInputError('DescribeAlarms', [problem], 'InvalidNextToken');
}

function allActions({ input }: AlarmRecord): readonly string[] {
  return [...(input.AlarmActions ?? []), ...(input.OKActions ?? []), ...(input.InsufficientDataActions ?? [])];
}

function metricAlarm(record: MetricAlarmRecord): MetricAlarm {
  const { Tags: _, ...settings } = record.input;
  return { ...structuredClone(settings), ...commonOutput(record) };
}

function compositeAlarm(record: CompositeAlarmRecord): CompositeAlarm {
  const { Tags: _, ...settings } = record.input;
  return { ...structuredClone(settings), ...commonOutput(record) };
}

/** What both kinds show beside the fields they were put with. */
function commonOutput({ arn, configuredAtMs, input, state }: AlarmRecord) {
  return {
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAtMs),
    ActionsEnabled: input.ActionsEnabled ?? true,
    OKActions: [...(input.OKActions ?? [])],
    AlarmActions: [...(input.AlarmActions ?? [])],
    InsufficientDataActions: [...(input.InsufficientDataActions ?? [])],
    StateValue: state.value,
    StateReason: state.reason,
    ...(state.reasonData === undefined ? {} : { StateReasonData: state.reasonData }),
    StateUpdatedTimestamp: new Date(state.updatedAtMs),
    StateTransitionedTimestamp: new Date(state.transitionedAtMs),
  };
}
