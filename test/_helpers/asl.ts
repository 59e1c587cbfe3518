import { MACHINES, type Machine } from '../../state-machines/contracts.ts';
import { DEFINITIONS } from '../../twin/step-functions/definition.ts';

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: string;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath?: string | null;
  readonly Next: string;
}

/** A rule of a Choice: a comparison, or several of them joined. */
export interface Rule {
  readonly Next?: string;
  readonly And?: readonly Rule[];
  readonly Variable?: string;
  readonly [comparison: string]: unknown;
}

/** A state, with every field that the two machines use. */
export interface State {
  readonly Type: 'Task' | 'Choice' | 'Wait' | 'Pass' | 'Succeed' | 'Fail';
  readonly Comment: string;
  readonly Next?: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ResultSelector?: Readonly<Record<string, string>>;
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Choices?: readonly Rule[];
  readonly Default?: string;
  readonly SecondsPath?: string;
  readonly ErrorPath?: string;
  readonly CausePath?: string;
}

/** The deployed machines. */
export const MACHINE_NAMES = MACHINES;

/** Every state of a machine, by name. */
export function statesOf(machine: Machine): readonly (readonly [string, State])[] {
  return Object.entries(DEFINITIONS[machine].States) as unknown as readonly (readonly [string, State])[];
}

/** Every state of every machine, as rows of a table. */
export function allStates(type?: State['Type']): readonly (readonly [Machine, string, State])[] {
  return MACHINES.flatMap((machine) =>
    statesOf(machine)
      .filter(([, state]) => type === undefined || state.Type === type)
      .map(([name, state]) => [machine, name, state] as const),
  );
}

/** A way from one state to the next: what makes the machine take it, where it leads, and what it changes in the data. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** `next`, an error's name, or the rule of a Choice in words. */
  readonly when: string;
  /** Where the result goes: a path, `null` for nowhere, undefined for the whole of the data. */
  readonly writes: string | null | undefined;
}

/** Every edge of a state. */
export function edgesOf(from: string, state: State): readonly Edge[] {
  const writes = state.Type === 'Task' || state.Type === 'Pass' ? state.ResultPath : null;
  const caught = (state.Catch ?? []).flatMap(({ ErrorEquals, Next, ResultPath }) =>
    ErrorEquals.map((error) => ({ from, to: Next, when: error, writes: ResultPath })),
  );
  const chosen = (state.Choices ?? []).map((rule) => ({
    from,
    to: rule.Next ?? '',
    when: ruleText(rule),
    writes: null,
  }));
  return [
    ...(state.Next === undefined ? [] : [{ from, to: state.Next, when: 'next', writes }]),
    ...caught,
    ...chosen,
    ...(state.Default === undefined ? [] : [{ from, to: state.Default, when: 'otherwise', writes: null }]),
  ];
}

/** `$.gate.passed is true`, joined by "and". */
function ruleText({ And, Variable, Next: _, ...comparison }: Rule): string {
  if (And !== undefined) return And.map(ruleText).join(' and ');
  const [[operator, value] = ['', '']] = Object.entries(comparison);
  return operator === 'IsPresent' ? `${Variable} is there` : `${Variable} is ${String(value)}`;
}

/** Edges of one kind over a whole machine, as `State: when`. */
export function edgeNames(machine: Machine, type: 'Task' | 'Choice'): readonly string[] {
  return statesOf(machine)
    .filter(([, state]) => state.Type === type)
    .flatMap(([name, state]) => edgesOf(name, state))
    .filter(({ when }) => when !== 'next')
    .map(({ from, when }) => `${from}: ${when}`);
}

/** Seconds between the tries of a retrier, at most. */
export function delaysOf({
  IntervalSeconds,
  BackoffRate,
  MaxDelaySeconds = Number.POSITIVE_INFINITY,
  MaxAttempts,
}: Retrier): readonly number[] {
  return Array.from({ length: MaxAttempts }, (_, tried) =>
    Math.min(IntervalSeconds * BackoffRate ** tried, MaxDelaySeconds),
  );
}
