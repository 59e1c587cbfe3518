import type { PutCompositeAlarmCommandInput, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { type Problem, RefusedInputError } from '../../../core/errors.ts';
import { type AlarmRecord, initialState } from './alarm-record.ts';
import type { AlarmRegistry } from './alarm-registry.ts';
import { type MetricAlarm, metricsOf } from './metric-alarm.ts';
import { parseCompositeAlarm } from './parse-composite-alarm.ts';
import { parseMetricAlarm } from './parse-metric-alarm.ts';

/** Where alarms live. */
export interface AlarmHome {
  readonly region: string;
  readonly accountId: string;
  readonly registry: AlarmRegistry;
}

/** `PutMetricAlarm`: a new alarm starts as INSUFFICIENT_DATA, an existing one keeps its state. */
export function putMetricAlarm(home: AlarmHome, input: PutMetricAlarmCommandInput, nowMs: number): void {
  const parsed = parseMetricAlarm(input);
  if (parsed.kind === 'refused') throw refusal('PutMetricAlarm', parsed.problems);
  const { alarm } = parsed;
  assertOwnMetrics(alarm, home.accountId);
  home.registry.put({
    kind: 'metric',
    alarm,
    input: structuredClone(input),
    ...recordBase(home, { name: alarm.name, kind: 'metric', nowMs }),
  });
}

/** `PutCompositeAlarm`; it is settled by the registry at the next tick. */
export function putCompositeAlarm(home: AlarmHome, input: PutCompositeAlarmCommandInput, nowMs: number): void {
  const { region, accountId, registry } = home;
  const hasAlarm = (name: string): boolean => registry.get(name) !== undefined;
  const parsed = parseCompositeAlarm(input, { region, accountId, hasAlarm });
  if (parsed.kind === 'refused') throw refusal('PutCompositeAlarm', parsed.problems);
  const { alarm } = parsed;
  registry.put({
    kind: 'composite',
    alarm,
    input: structuredClone(input),
    ...recordBase(home, { name: alarm.name, kind: 'composite', nowMs }),
  });
}

interface PutAlarm {
  readonly name: string;
  readonly kind: AlarmRecord['kind'];
  readonly nowMs: number;
}

function recordBase({ region, accountId, registry }: AlarmHome, { name, kind, nowMs }: PutAlarm) {
  const existing = registry.get(name);
  if (existing !== undefined && existing.kind !== kind) {
    const message = `is the name of a ${existing.kind} alarm`;
    throw refusal(kind === 'metric' ? 'PutMetricAlarm' : 'PutCompositeAlarm', [
      { path: 'AlarmName', message, value: name, remedy: 'choose another name, or delete that alarm first' },
    ]);
  }
  return {
    name,
    arn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
    configuredAtMs: nowMs,
    state: existing?.state ?? initialState(nowMs),
  };
}

function assertOwnMetrics(alarm: MetricAlarm, accountId: string): void {
  const foreign = metricsOf(alarm).filter((query) => (query.accountId ?? accountId) !== accountId);
  if (foreign.length === 0) return;
  throw refusal(
    'PutMetricAlarm',
    foreign.map((query) => ({
      path: `Metrics ${query.id}.AccountId`,
      message: 'metrics of other accounts are not modelled by the twin',
      value: query.accountId,
      source: 'docs/twin-fidelity-cloudwatch.md',
    })),
  );
}

function refusal(operation: string, problems: readonly Problem[]): RefusedInputError {
  return new RefusedInputError(operation, problems, 'ValidationError');
}
