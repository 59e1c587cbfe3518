import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricStat,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm';
import { isSameContent } from '../../../core/same-content.ts';
import { type CloudWatchTwin, createCloudWatchTwin } from '../../../twin/cloudwatch/cloudwatch-twin.ts';
import { KEPT_ALARMS } from '../emulator/kept-definition.ts';
import type { Timers } from '../real-time.ts';

/** What the alarms of a Region are read from and told to. */
export interface AlarmClockSettings {
  readonly region: string;
  readonly account: string;
  readonly cloudWatch: CloudWatchClient;
  readonly ssm: SSMClient;
  readonly timers: Timers;
  readonly onFailure: (error: unknown) => void;
}

const MINUTE_MS = 60_000;
/** After a full minute, when its data have come and before it is judged: once, since the emulator does one thing at a time. */
const READ_AFTER_MS = 4_000;
const BEHIND_MS = 8_000;
/** How far back data is read that has not been seen yet. */
const LOOKBACK_MS = 3 * MINUTE_MS;
/** Longest reason that SetAlarmState takes (API_SetAlarmState). */
const LONGEST_REASON = 1_023;
/** As many alarms as one page holds (API_DescribeAlarms). */
const MOST_ALARMS = 100;

/**
 * The clock that the emulator's metric alarms do not have: reads a Region's alarms and their data through the API, evaluates them
 * by the rules of the twin at every full minute, and sets their states through the API, which performs their actions and settles
 * the composite alarms above them.
 */
export function startAlarmClock(settings: AlarmClockSettings): { stop(): void } {
  const { region, account, cloudWatch, timers, onFailure } = settings;
  const known = new Map<string, PutMetricAlarmCommandInput>();
  const fed = new Set<string>();
  const twin = createCloudWatchTwin({
    region,
    accountId: account,
    // Behind, so that the data of a minute have been read when it is judged.
    now: () => Date.now() - BEHIND_MS,
    at: (timeMs, run) => timers.at(timeMs + BEHIND_MS, (nowMs) => run(nowMs - BEHIND_MS)),
    newId: () => crypto.randomUUID(),
    onStateChange: ({ detail: { alarmName, state } }) => {
      const StateReason = state.reason.slice(0, LONGEST_REASON);
      const told = new SetAlarmStateCommand({ AlarmName: alarmName, StateValue: state.value, StateReason });
      cloudWatch.send(told).catch(onFailure);
    },
  });
  const read = async (): Promise<void> => {
    const alarms = await readAlarms(settings);
    for (const alarm of alarms) {
      const name = alarm.AlarmName ?? '';
      if (!isSameContent(known.get(name), alarm)) twin.putMetricAlarm(alarm);
      known.set(name, alarm);
    }
    await feed(cloudWatch, { twin, fed, stats: alarms.flatMap(statsOf) });
  };
  const readEveryMinute = (): void => {
    read().catch(onFailure);
    const next = (Math.floor((Date.now() - READ_AFTER_MS) / MINUTE_MS) + 1) * MINUTE_MS + READ_AFTER_MS;
    timers.at(next, readEveryMinute);
  };
  readEveryMinute();
  return { stop: () => twin.stop() };
}

/** Whole definitions: those whose metrics the emulator drops come from where they are kept. */
async function readAlarms({ cloudWatch, ssm }: AlarmClockSettings): Promise<readonly PutMetricAlarmCommandInput[]> {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ MaxRecords: MOST_ALARMS }));
  const kept = new Map<string, string>();
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path: KEPT_ALARMS }))
    for (const { Name = '', Value = '{}' } of Parameters) kept.set(Name, Value);
  return MetricAlarms.flatMap((alarm) => {
    const whole = kept.get(`${KEPT_ALARMS}/${alarm.AlarmName}`);
    if (whole !== undefined) return [JSON.parse(whole) as PutMetricAlarmCommandInput];
    // One that names no metric was removed, or first put, between the two readings.
    return alarm.MetricName === undefined ? [] : [definitionOf(alarm)];
  });
}

/** What was put, out of what is described. */
function definitionOf(alarm: MetricAlarm): PutMetricAlarmCommandInput {
  const { AlarmName, MetricName, Namespace, Dimensions, Statistic, ExtendedStatistic, Period } = alarm;
  const { EvaluationPeriods, DatapointsToAlarm, Threshold, ComparisonOperator, TreatMissingData } = alarm;
  const statistic = ExtendedStatistic === undefined ? { Statistic } : { ExtendedStatistic };
  return {
    AlarmName,
    MetricName,
    Namespace,
    Dimensions,
    ...statistic,
    Period,
    EvaluationPeriods,
    ...(DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm }),
    Threshold,
    ComparisonOperator,
    TreatMissingData,
  };
}

/** The metrics that an alarm looks at. */
function statsOf(alarm: PutMetricAlarmCommandInput): readonly MetricStat[] {
  if (alarm.Metrics !== undefined)
    return alarm.Metrics.flatMap(({ MetricStat: stat }) => (stat === undefined ? [] : [stat]));
  const { Namespace, MetricName, Dimensions, Period = 60, Statistic, ExtendedStatistic } = alarm;
  return [{ Metric: { Namespace, MetricName, Dimensions }, Period, Stat: ExtendedStatistic ?? Statistic ?? 'Average' }];
}

/** Metrics that one call can ask for: API_GetMetricData. */
const MOST_QUERIES = 500;
const MINUTE_SECONDS = MINUTE_MS / 1000;

/**
 * Hands the twin each finished minute once, as one value: any statistic of one value is that value, and sums and extremes of
 * longer periods are those of their minutes. One call asks for the metrics of all alarms.
 */
async function feed(
  cloudWatch: CloudWatchClient,
  {
    twin,
    fed,
    stats,
  }: { readonly twin: CloudWatchTwin; readonly fed: Set<string>; readonly stats: readonly MetricStat[] },
): Promise<void> {
  const asked = [...new Map(stats.map((stat) => [JSON.stringify([stat.Metric, stat.Stat]), stat])).values()];
  if (asked.length === 0) return;
  if (asked.length > MOST_QUERIES) throw new RangeError(`${asked.length} metrics are too many for one call`);
  const nowMs = Date.now();
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - LOOKBACK_MS),
      EndTime: new Date(Math.floor(nowMs / MINUTE_MS) * MINUTE_MS),
      MetricDataQueries: asked.map((stat, index) => ({
        Id: `metric${index}`,
        MetricStat: { ...stat, Period: MINUTE_SECONDS },
      })),
    }),
  );
  for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
    const { Metric } = asked[Number(Id.replace('metric', ''))] ?? {};
    for (const [index, Timestamp] of Timestamps.entries()) {
      const key = `${JSON.stringify(Metric)}@${Timestamp.getTime()}`;
      if (fed.has(key)) continue;
      fed.add(key);
      const { Namespace, MetricName, Dimensions } = Metric ?? {};
      twin.putMetricData({ Namespace, MetricData: [{ MetricName, Dimensions, Timestamp, Value: Values[index] }] });
    }
  }
}
