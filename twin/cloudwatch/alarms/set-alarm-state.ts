import type { SetAlarmStateCommandInput } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { RefusedInputError } from '../../../core/errors.ts';
import { ALARM_STATES } from '../alarm-state.ts';
import { parseFields } from '../parse-fields.ts';
import type { NewState } from './alarm-record.ts';
import type { AlarmRegistry } from './alarm-registry.ts';

const FIELDS = {
  AlarmName: z.string().min(1).max(255),
  StateValue: z.enum(ALARM_STATES),
  StateReason: z.string().max(1023),
  StateReasonData: z.string().max(4000).refine(isJson, 'is not valid JSON').optional(),
} as const;

/** `SetAlarmState`: the state holds until something evaluates the alarm. Throws a RefusedInputError with every problem. */
export function setAlarmState(registry: AlarmRegistry, input: SetAlarmStateCommandInput, nowMs: number): void {
  const { name, state } = requestedState(input);
  if (registry.get(name) === undefined) {
    const problem = { path: 'AlarmName', message: 'no alarm has this name', value: name };
    throw new RefusedInputError('SetAlarmState', [problem], 'ResourceNotFound');
  }
  registry.applyStates(new Map([[name, state]]), nowMs);
}

function requestedState(input: SetAlarmStateCommandInput): { readonly name: string; readonly state: NewState } {
  const source = 'API reference, SetAlarmState';
  const { fields, problems } = parseFields(FIELDS, { ...input }, { path: '', source });
  const { AlarmName, StateValue, StateReason, StateReasonData } = fields;
  if (problems.length > 0 || AlarmName === undefined || StateValue === undefined || StateReason === undefined) {
    const notJson = problems.every(({ path }) => path === 'StateReasonData');
    throw new RefusedInputError('SetAlarmState', problems, notJson ? 'InvalidFormat' : 'ValidationError');
  }
  return {
    name: AlarmName,
    state: {
      value: StateValue,
      reason: StateReason,
      ...(StateReasonData === undefined ? {} : { reasonData: StateReasonData }),
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
