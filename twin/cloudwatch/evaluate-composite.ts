import { type Problem, RefusedInputError } from '../../core/errors.ts';
import { alarmNameOf, alarmsOf } from './alarm-rule/alarm-rule.ts';
import { evaluateAlarmRule } from './alarm-rule/evaluate-alarm-rule.ts';
import { parseAlarmRule } from './alarm-rule/parse-alarm-rule.ts';
import { ALARM_STATES, type AlarmState, isAlarmState } from './alarm-state.ts';

/**
 * The state that a composite alarm with this rule has, given the states of its alarms as `name=STATE`. An alarm may be
 * named by its ARN in either place. Throws a RefusedInputError with every problem: of the rule, of a state, and every
 * alarm of the rule without one. States of alarms that the rule does not name have no part in it.
 */
export function compositeState(ruleText: string, assignments: readonly string[]): Extract<AlarmState, 'ALARM' | 'OK'> {
  const parsed = parseAlarmRule(ruleText, '--rule');
  const { states, problems } = readStates(assignments);
  if (parsed.kind === 'refused') throw new RefusedInputError('the composite alarm', [...parsed.problems, ...problems]);
  const { rule } = parsed;
  const unknown = alarmsOf(rule).filter((alarm) => !states.has(alarmNameOf(alarm)));
  const missing = unknown.map((alarm) => ({
    path: '--rule',
    message: 'refers to an alarm without a state',
    value: alarm,
    remedy: `add --state '${alarm}=${ALARM_STATES.join('|')}'`,
  }));
  if (problems.length + missing.length > 0)
    throw new RefusedInputError('the composite alarm', [...problems, ...missing]);
  return evaluateAlarmRule(rule, (alarm) => states.get(alarmNameOf(alarm)) ?? 'INSUFFICIENT_DATA') ? 'ALARM' : 'OK';
}

function readStates(assignments: readonly string[]) {
  const states = new Map<string, AlarmState>();
  const problems: Problem[] = [];
  for (const assignment of assignments) {
    // The name may hold an equals sign, a state cannot.
    const split = assignment.lastIndexOf('=');
    const name = alarmNameOf(assignment.slice(0, Math.max(split, 0)));
    const state = assignment.slice(split + 1);
    const known = states.get(name);
    if (name === '' || !isAlarmState(state)) {
      const allowed = `name=${ALARM_STATES.join(' | name=')}`;
      problems.push({ path: '--state', message: 'is not the state of an alarm', value: assignment, allowed });
    } else if (known !== undefined && known !== state) {
      problems.push({ path: '--state', message: `contradicts the state ${known} given before`, value: assignment });
    } else {
      states.set(name, state);
    }
  }
  return { states, problems };
}
