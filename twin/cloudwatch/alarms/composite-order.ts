import type { CompositeAlarmRecord } from './alarm-record.ts';

/**
 * Composite alarms with their children first, so that one pass settles them all. Those in a circle, and those that depend
 * on one, are left out: CloudWatch stops evaluating them. Source: API reference, PutCompositeAlarm.
 */
export function childrenFirst(composites: readonly CompositeAlarmRecord[]): readonly CompositeAlarmRecord[] {
  const byName = new Map(composites.map((record) => [record.name, record]));
  const verdicts = new Map<string, 'visiting' | 'placed' | 'in-circle'>();
  const order: CompositeAlarmRecord[] = [];

  function place(record: CompositeAlarmRecord): boolean {
    const verdict = verdicts.get(record.name);
    if (verdict !== undefined) return verdict === 'placed';
    verdicts.set(record.name, 'visiting');
    const composites = record.alarm.children.flatMap((name) => byName.get(name) ?? []);
    // Every child is visited, also after one in a circle: it may be sound itself.
    const sound = composites.map(place).every(Boolean);
    verdicts.set(record.name, sound ? 'placed' : 'in-circle');
    if (sound) order.push(record);
    return sound;
  }

  for (const record of composites) place(record);
  return order;
}
