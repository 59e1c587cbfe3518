import { describe, expect, it } from 'vitest';
import type { Machine, OpenedOperation } from '../../state-machines/contracts.ts';
import { DEFINITIONS } from '../../twin/step-functions/definition.ts';
import { type Edge, edgesOf, MACHINE_NAMES, type Rule, type State, statesOf } from '../_helpers/asl.ts';

/** Fields that are certainly in the data, by the name under the root; `anything` where nobody knows what is inside. */
type Data = ReadonlyMap<string, readonly string[] | 'anything'>;

const OPENED: Readonly<Record<keyof OpenedOperation, true>> = {
  operationId: true,
  epoch: true,
  kind: true,
  application: true,
  source: true,
  target: true,
  mode: true,
  approval: true,
  approvalTimeoutSeconds: true,
  shiftAfterPromotion: true,
  executionArn: true,
  entry: true,
  abortReason: true,
};
/** What the ladder's step has in any case. */
const LADDER_STEP = ['next'];
const CAUGHT = ['Error', 'Cause'];

/**
 * What every state surely finds in its data, whichever way it was reached: each edge hands on what was there and what it
 * writes itself, and where ways meet only what all of them brought is sure.
 */
function certainData(machine: Machine): ReadonlyMap<string, Data> {
  const { StartAt } = DEFINITIONS[machine];
  const states = new Map(statesOf(machine));
  const known = new Map<string, Data>([[StartAt, new Map()]]);
  const open = [StartAt];
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    const state = states.get(name);
    if (state === undefined) throw new Error(`no state ${name}`);
    for (const edge of edgesOf(name, state)) {
      const brought = after(known.get(name) ?? new Map(), edge, state);
      const before = known.get(edge.to);
      const now = before === undefined ? brought : meet(before, brought);
      if (before !== undefined && print(before) === print(now)) continue;
      known.set(edge.to, now);
      open.push(edge.to);
    }
  }
  return known;
}

function after(data: Data, { when, writes }: Edge, state: State): Data {
  if (writes === null) return data;
  const fields = when === 'next' ? resultOf(state) : CAUGHT;
  if (writes === undefined) {
    return when === 'next'
      ? new Map([['operation', Object.keys(OPENED)]])
      : new Map(CAUGHT.map((field) => [field, 'anything']));
  }
  return new Map([...data, [writes.replace('$.', ''), fields]]);
}

function resultOf({ Type, ResultSelector, Parameters }: State): readonly string[] | 'anything' {
  const shape = Type === 'Pass' ? Parameters : ResultSelector;
  return shape === undefined ? 'anything' : Object.keys(shape).map((key) => key.replace(/\.\$$/, ''));
}

function meet(one: Data, other: Data): Data {
  const both = new Map<string, readonly string[] | 'anything'>();
  for (const [name, fields] of one) {
    const others = other.get(name);
    if (others === undefined) continue;
    const unsure = fields === 'anything' || others === 'anything';
    both.set(name, unsure ? 'anything' : fields.filter((field) => others.includes(field)));
  }
  return both;
}

function print(data: Data): string {
  return JSON.stringify([...data].toSorted());
}

/** Every path into the data that a state follows for sure. */
function pathsOf(state: State): readonly string[] {
  const { SecondsPath, TimeoutSecondsPath, ErrorPath, CausePath, Parameters, Choices } = state;
  const fields = [SecondsPath, TimeoutSecondsPath, ErrorPath, CausePath].filter((path) => path !== undefined);
  return [...fields, ...pathsIn(Parameters), ...(Choices ?? []).flatMap((rule) => variablesOf(rule))];
}

function pathsIn(template: unknown): readonly string[] {
  if (typeof template !== 'object' || template === null) return [];
  return Object.entries(template).flatMap(([key, value]) =>
    key.endsWith('.$') ? [String(value)].filter((path) => !path.startsWith('$$')) : pathsIn(value),
  );
}

/** Rules that are joined are judged in order: what an earlier one has found present, a later one may look into. */
function variablesOf({ And, Variable, IsPresent }: Rule, present: readonly string[] = []): readonly string[] {
  if (And === undefined) {
    const guarded = present.some((path) => Variable === path || Variable?.startsWith(`${path}.`));
    return IsPresent === true || Variable === undefined || guarded ? [] : [Variable];
  }
  return And.flatMap((rule, index) => {
    const seen = And.slice(0, index).filter((earlier) => earlier['IsPresent'] === true);
    return variablesOf(
      rule,
      seen.map((earlier) => earlier.Variable ?? ''),
    );
  });
}

/** Undefined where the path is there, or else what is missing. */
function missing(data: Data, path: string): string | undefined {
  if (path === '$') return undefined;
  const [, root = '', field] = /^\$\.(\w+)(?:\.(\w+))?/.exec(path) ?? [];
  const fields = data.get(root);
  if (fields === undefined) return `${path}: nothing has written $.${root}`;
  if (field === undefined || (fields !== 'anything' && fields.includes(field))) return undefined;
  return `${path}: $.${root} may be without ${field}`;
}

describe.each(MACHINE_NAMES)('the data of the machine %s', (machine) => {
  const data = certainData(machine);

  it.each(statesOf(machine))('hold what %s looks at, whichever way it was reached', (name, state) => {
    const there = data.get(name) ?? new Map();
    expect(pathsOf(state).flatMap((path) => missing(there, path) ?? [])).toEqual([]);
  });

  it('begin with what a person typed, of which nothing is sure', () => {
    expect(print(data.get('OpenOperation') ?? new Map([['', []]]))).toBe('[]');
    expect(data.get('NotifyStarted')?.get('operation')).toEqual(Object.keys(OPENED));
  });
});

it("names a ladder's step only by what it has in any case", () => {
  const [, { Choices = [] } = { Choices: [] }] = statesOf('failback').find(([name]) => name === 'WhichStep') ?? [];
  expect(new Set(Choices.map(({ Variable }) => Variable))).toEqual(
    new Set(LADDER_STEP.map((key) => `$.ladder.step.${key}`)),
  );
});
