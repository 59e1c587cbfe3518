import type { DeleteAlarmsCommandInput } from '@aws-sdk/client-cloudwatch';
import { type Problem, RefusedInputError } from '../../../core/errors.ts';
import type { AlarmRegistry } from './alarm-registry.ts';

const SOURCE = 'API reference, DeleteAlarms';
/** Alarms in a call, and composite ones among them. Source: API reference, DeleteAlarms. */
const MOST = { alarms: 100, composites: 1 } as const;

/**
 * `DeleteAlarms`: an alarm that a remaining composite alarm refers to cannot be deleted, and then none is. Names that no
 * alarm has do not keep the others from being deleted; they are reported afterwards. Throws a RefusedInputError.
 */
export function deleteAlarms(registry: AlarmRegistry, input: DeleteAlarmsCommandInput): void {
  const names = [...new Set(input.AlarmNames ?? [])];
  assertBatch(registry, input, names);
  const conflicts = names.flatMap((name): readonly Problem[] => {
    const parents = registry.parentsOf(name).filter((parent) => !names.includes(parent));
    const remedy = 'change or delete those composite alarms first';
    return parents.length === 0
      ? []
      : [{ path: name, message: 'composite alarms refer to it', value: parents, remedy, source: SOURCE }];
  });
  if (conflicts.length > 0) throw new RefusedInputError('DeleteAlarms', conflicts, 'ResourceConflict');

  const unknown = names.filter((name) => registry.get(name) === undefined);
  for (const name of names) registry.remove(name);
  if (unknown.length === 0) return;
  const problems = unknown.map((name) => ({ path: name, message: 'no alarm has this name', source: SOURCE }));
  throw new RefusedInputError('DeleteAlarms', problems, 'ResourceNotFound');
}

function assertBatch(
  registry: AlarmRegistry,
  { AlarmNames }: DeleteAlarmsCommandInput,
  names: readonly string[],
): void {
  const composites = names.filter((name) => registry.get(name)?.kind === 'composite').length;
  const problem = { path: 'AlarmNames', source: SOURCE };
  const problems: Problem[] = [];
  if (AlarmNames === undefined) problems.push({ ...problem, message: 'is missing' });
  if (names.length > MOST.alarms) {
    const allowed = `up to ${MOST.alarms}`;
    problems.push({ ...problem, message: 'names too many alarms', value: names.length, allowed });
  }
  if (composites > MOST.composites) {
    const allowed = `up to ${MOST.composites}`;
    problems.push({ ...problem, message: 'names too many composite alarms', value: composites, allowed });
  }
  if (problems.length > 0) throw new RefusedInputError('DeleteAlarms', problems, 'ValidationError');
}
