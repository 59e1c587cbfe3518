import type { PutCompositeAlarmCommandInput, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { compileAlarms, wakingAlarms } from '../../core/alarms/compile.ts';
import { applicationRegions, observersOf } from '../../core/config/accessors.ts';
import { switchAlarmsIn } from '../../core/routing/compile/switch-alarms.ts';
import type { AlarmStateChangeEvent } from '../cloudwatch/alarms/state-change-event.ts';
import { draw } from '../random.ts';
import { LATENCIES } from './latencies.ts';
import type { World } from './world.ts';

/** Puts up the alarms of every application Region, as its stack does, and lets those that go off wake its observer. */
export function startAlarms(world: World): void {
  const { config, events, cloudWatchIn } = world;
  for (const region of applicationRegions(config)) {
    const cloudWatch = cloudWatchIn(region);
    for (const { kind, definition } of compileAlarms(config, region)) {
      if (kind === 'metric') cloudWatch.putMetricAlarm(definition as PutMetricAlarmCommandInput);
      else cloudWatch.putCompositeAlarm(definition as PutCompositeAlarmCommandInput);
    }
  }
  for (const guardian of observersOf(config)) {
    for (const { definition } of switchAlarmsIn(config, guardian)) {
      const { Dimensions, ...rest } = definition;
      cloudWatchIn(guardian).putMetricAlarm({ ...rest, Dimensions: [...Dimensions] });
    }
  }
  const waking = new Map(applicationRegions(config).map((region) => [region, new Set(wakingAlarms(config, region))]));
  events.listen((event) => {
    if (event.kind === 'alarm' && isRuleMatched(waking, event.event)) void wake(world, event.event);
  });
}

/** As the stack's rule: one of these alarms, and into ALARM. */
function isRuleMatched(
  waking: ReadonlyMap<string, ReadonlySet<string>>,
  { region, detail }: AlarmStateChangeEvent,
): boolean {
  return detail.state.value === 'ALARM' && waking.get(region)?.has(detail.alarmName) === true;
}

/** A dark Region delivers nothing and runs nothing. */
async function wake({ clock, network, lambda, random }: World, event: AlarmStateChangeEvent): Promise<void> {
  const { region } = event;
  const delay = draw(LATENCIES.alarmEvent.milliseconds, random.stream(`alarms/${region}`));
  await clock.sleep(clock.worldNow() + delay - clock.nowEpochMs());
  // The next round comes anyway where this one fails.
  if (!network.isDark(region)) await lambda.invoke(region, 'observe-regions', event).catch(() => undefined);
}
