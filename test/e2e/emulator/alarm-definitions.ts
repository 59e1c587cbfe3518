import { type CfnAlarm, CfnCompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';

type Fields<Resource> = readonly (keyof Resource & string)[];

const COMMON = ['alarmName', 'alarmDescription', 'alarmActions', 'okActions'] as const;
const METRIC: Fields<CfnAlarm> = [
  ...COMMON,
  'metrics',
  'evaluationPeriods',
  'datapointsToAlarm',
  'threshold',
  'comparisonOperator',
  'treatMissingData',
];
const COMPOSITE: Fields<CfnCompositeAlarm> = [...COMMON, 'alarmRule'];

/** What an alarm of a template would be put with, in the API's own spelling; tokens in it are still tokens. */
export function alarmDefinition(alarm: CfnAlarm | CfnCompositeAlarm): Readonly<Record<string, unknown>> {
  const fields: readonly string[] = alarm instanceof CfnCompositeAlarm ? COMPOSITE : METRIC;
  const values = alarm as unknown as Readonly<Record<string, unknown>>;
  return inApiCase(Object.fromEntries(fields.map((field) => [field, values[field]]))) as Record<string, unknown>;
}

/** A name as the CDK spells it becomes one of the API: `okActions` is `OKActions`. */
function inApiCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inApiCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      inner === undefined
        ? []
        : [[name === 'okActions' ? 'OKActions' : `${name.charAt(0).toUpperCase()}${name.slice(1)}`, inApiCase(inner)]],
    ),
  );
}
