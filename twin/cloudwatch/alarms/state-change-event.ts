import type { AlarmState } from '../alarm-state.ts';
import type { MetricQuery, Query } from '../queries/metric-query.ts';
import type { AlarmRecord, StateRecord } from './alarm-record.ts';

/**
 * The event that CloudWatch sends to EventBridge when an alarm changes its state.
 *
 * Source: User Guide, page cloudwatch-and-eventbridge, "Sample events from CloudWatch".
 */
export interface AlarmStateChangeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'CloudWatch Alarm State Change';
  readonly source: 'aws.cloudwatch';
  readonly account: string;
  /** ISO 8601, whole seconds, UTC. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly alarmName: string;
    readonly state: EventState;
    readonly previousState: EventState;
    readonly configuration: MetricConfiguration | CompositeConfiguration;
  };
}

interface EventState {
  readonly value: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
  readonly timestamp: string;
}

interface MetricConfiguration {
  readonly description?: string;
  readonly metrics: readonly EventMetric[];
}

interface CompositeConfiguration {
  readonly description?: string;
  readonly alarmRule: string;
}

interface EventMetric {
  readonly id: string;
  readonly returnData: boolean;
  readonly label?: string;
  readonly expression?: string;
  readonly metricStat?: {
    readonly metric: {
      readonly namespace: string;
      readonly name: string;
      readonly dimensions: Readonly<Record<string, string>>;
    };
    readonly period: number;
    readonly stat: string;
    readonly unit?: string;
  };
}

/** Who sends the event, and its id. */
export interface EventSender {
  readonly account: string;
  readonly region: string;
  readonly id: string;
}

/** The event of one change; `record` is the alarm after it. */
export function stateChangeEvent(
  record: AlarmRecord,
  previous: StateRecord,
  sender: EventSender,
): AlarmStateChangeEvent {
  const { account, region, id } = sender;
  return {
    version: '0',
    id,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account,
    time: `${new Date(record.state.transitionedAtMs).toISOString().slice(0, 19)}Z`,
    region,
    resources: [record.arn],
    detail: {
      alarmName: record.name,
      state: eventState(record.state),
      previousState: eventState(previous),
      configuration: configurationOf(record),
    },
  };
}

/** `2019-10-02T17:04:40.989+0000`. */
export function eventTimestamp(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('Z', '+0000');
}

function eventState({ value, reason, reasonData, updatedAtMs }: StateRecord): EventState {
  return { value, reason, ...(reasonData === undefined ? {} : { reasonData }), timestamp: eventTimestamp(updatedAtMs) };
}

function configurationOf(record: AlarmRecord): MetricConfiguration | CompositeConfiguration {
  const description = record.input.AlarmDescription;
  return {
    ...(description === undefined ? {} : { description }),
    ...(record.kind === 'composite'
      ? { alarmRule: record.alarm.ruleText }
      : { metrics: record.alarm.queries.map(eventMetric) }),
  };
}

function eventMetric(query: Query): EventMetric {
  const { id, returnData, label } = query;
  const common = { id, returnData, ...(label === undefined ? {} : { label }) };
  return query.kind === 'expression'
    ? { ...common, expression: query.text }
    : { ...common, metricStat: metricStat(query) };
}

function metricStat({ metric, periodSeconds, stat, unit }: MetricQuery): EventMetric['metricStat'] {
  const { namespace, name, dimensions } = metric;
  return {
    metric: { namespace, name, dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])) },
    period: periodSeconds,
    stat,
    ...(unit === undefined ? {} : { unit }),
  };
}
