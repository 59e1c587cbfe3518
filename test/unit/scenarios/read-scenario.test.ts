import { describe, expect, it } from 'vitest';
import { PRESET_TRAITS } from '../../../core/config/preset.ts';
import { PRESETS } from '../../../core/config/schema.ts';
import { type Problem, RefusedInputError } from '../../../core/errors.ts';
import storefront from '../../../switchyard.config.ts';
import { readScenario, resolveScenario } from '../../../twin/scenarios/references.ts';
import { fixtureConfig } from '../../_helpers/configs.ts';

const HELD = { text: 'it holds', path: 'failover.status', op: 'equals', value: 'NOT_STARTED' };
const EMPTY = { name: 'a-test', about: 'a test', faults: [], actions: [], expectations: [HELD] };

function problemsOf(changes: object, config = storefront): readonly Problem[] {
  try {
    readScenario({ subject: 'the scenario', input: { ...EMPTY, ...changes } }, config);
  } catch (error) {
    if (error instanceof RefusedInputError) return error.problems;
    throw error;
  }
  return [];
}

const fault = (changes: object) => ({ faults: [{ atSeconds: 60, ...changes }] });
const expectation = (changes: object) => ({ expectations: [{ text: 'a', path: 'failover.status', ...changes }] });
const start = (changes: object) => ({ actions: [{ action: 'start', machine: 'failover', atSeconds: 60, ...changes }] });
const refusal = { kind: 'api-refused', error: 'E' };

describe('a scenario', () => {
  it('that holds has no problem', () => {
    expect(problemsOf({})).toEqual([]);
  });

  it.each([
    { what: 'no expectation', changes: { expectations: [] }, path: 'expectations' },
    { what: 'a name that no file could have', changes: { name: 'a'.repeat(101) }, path: 'name' },
    { what: 'a broken pattern', changes: expectation({ op: 'matches', value: '(' }), path: 'expectations[0].value' },
    {
      what: 'a pattern that is no text',
      changes: expectation({ op: 'matches', value: 1 }),
      path: 'expectations[0].value',
    },
    {
      what: 'a limit that is no number',
      changes: expectation({ op: 'atMost', value: 'abc' }),
      path: 'expectations[0].value',
    },
    { what: 'a limit that is left out', changes: expectation({ op: 'atLeast' }), path: 'expectations[0].value' },
    { what: 'nothing to equal', changes: expectation({ op: 'equals' }), path: 'expectations[0].value' },
    {
      what: 'a value beside "exists"',
      changes: expectation({ op: 'exists', value: 3 }),
      path: 'expectations[0].value',
    },
    {
      what: 'a path that is none',
      changes: expectation({ path: 'bogus[', op: 'absent' }),
      path: 'expectations[0].path',
    },
    {
      what: 'a field that is none',
      changes: expectation({ path: 'failover.nope', op: 'absent' }),
      path: 'expectations[0].path',
    },
    {
      what: 'objects of a manifest that the config does not have',
      changes: fault({ kind: 'blob-differs', region: 'primary', manifest: 'media', as: 'missing' }),
      path: 'faults[0].manifest',
    },
    {
      what: 'answers to probes that nobody asks',
      changes: fault({ kind: 'answers-drift', region: 'primary', drift: 0.1 }),
      path: 'faults[0].kind',
    },
    {
      what: 'a dedupe store that is not there',
      changes: fault({ kind: 'dedupe-cold', region: 'primary' }),
      path: 'faults[0].kind',
    },
    {
      what: 'an unknown component',
      changes: fault({ kind: 'component-down', region: 'primary', component: 'x' }),
      path: 'faults[0].component',
    },
    {
      what: 'an unknown service',
      changes: fault({ ...refusal, service: 'x', operation: 'PutObject' }),
      path: 'faults[0].service',
    },
    {
      what: 'an unknown operation',
      changes: fault({ ...refusal, service: 's3', operation: 'Put' }),
      path: 'faults[0].operation',
    },
    {
      what: 'a link of one Region',
      changes: fault({ kind: 'link-cut', between: ['primary', 'ap-southeast-1'] }),
      path: 'faults[0].between[1]',
    },
    {
      what: 'a front door where none is',
      changes: fault({ kind: 'front-door-down', region: 'vantage' }),
      path: 'faults[0].region',
    },
    {
      what: 'more instances down than there are',
      changes: fault({ kind: 'instances-down', region: 'primary', component: 'order-service', down: 11, of: 10 }),
      path: 'faults[0].down',
    },
    {
      what: 'instances of an unknown component',
      changes: fault({ kind: 'instances-down', region: 'primary', component: 'x', down: 1, of: 10 }),
      path: 'faults[0].component',
    },
    {
      what: 'an unknown revision',
      changes: fault({ kind: 'revision-differs', region: 'primary', revision: 'x', value: '1' }),
      path: 'faults[0].revision',
    },
    {
      what: 'a lie that nobody tells',
      changes: fault({ kind: 'document-lies', region: 'primary', as: 'old' }),
      path: 'faults[0].as',
    },
    {
      what: 'metrics of no application',
      changes: fault({ kind: 'metrics-lie', region: 'vantage', as: 'old' }),
      path: 'faults[0].region',
    },
    { what: 'a loss above all', changes: fault({ kind: 'probe-loss', share: 1.1 }), path: 'faults[0].share' },
    {
      what: 'the clock of an unknown observer',
      changes: fault({ kind: 'clock-skew', observer: 'mars', seconds: 20 }),
      path: 'faults[0].observer',
    },
    {
      what: 'the clock of a Region that observes nothing',
      changes: fault({ kind: 'clock-skew', observer: 'witness', seconds: 20 }),
      path: 'faults[0].observer',
    },
    {
      what: 'a clock that is a day off',
      changes: fault({ kind: 'clock-skew', observer: 'vantage', seconds: 86_400 }),
      path: 'faults[0].seconds',
    },
    {
      what: 'an application in the Region of the witness',
      changes: fault({ kind: 'front-door-down', region: 'witness' }),
      path: 'faults[0].region',
    },
    { what: 'an unknown Region', changes: fault({ kind: 'region-dark', region: 'mars' }), path: 'faults[0].region' },
    { what: 'a machine started nowhere', changes: start({ input: {} }), path: 'actions[0].region' },
    {
      what: 'an unknown word',
      changes: start({ region: 'primary', input: { a: '{zzz}' } }),
      path: 'actions[0].input.a',
    },
  ])('is refused for $what', ({ changes, path }) => {
    const problems = problemsOf(changes);
    expect(problems.map((problem) => problem.path)).toEqual([path]);
    for (const { message, remedy } of problems) expect(message.length * (remedy?.length ?? 0)).toBeGreaterThan(0);
  });

  it('hides no unknown word behind a fault of form', () => {
    const faults = [
      { kind: 'nope', atSeconds: 1 },
      { kind: 'region-dark', atSeconds: 60, region: 'mars' },
    ];
    expect(problemsOf({ faults }).map(({ path }) => path)).toEqual(['faults[0].kind', 'faults[1].region']);
  });

  it('has no database to refuse in a config without one', () => {
    const rds = fault({ ...refusal, service: 'rds', operation: 'FailoverGlobalCluster' });
    expect(problemsOf(rds)).toEqual([]);
    expect(
      problemsOf(rds, { ...storefront, data: { adapter: 'none', writes: 'local', lossBudgetSeconds: 0 } }).map(
        ({ path }) => path,
      ),
    ).toEqual(['faults[0].service']);
  });

  it('is refused under a preset that orchestrates nothing', () => {
    const dnsOnly = fixtureConfig('dns-failover');
    const orchestrated = PRESETS.filter((preset) => PRESET_TRAITS[preset].orchestrated);
    expect(problemsOf({}, dnsOnly)).toMatchObject([
      {
        path: 'preset',
        value: 'dns-failover',
        allowed: expect.stringMatching(new RegExp(`^(${orchestrated.join('|')}|, ){${2 * orchestrated.length - 1}}$`)),
      },
    ]);
    const scenario = readScenario({ subject: 'the scenario', input: EMPTY });
    expect(() => resolveScenario(scenario, dnsOnly)).toThrow(/nothing is orchestrated under this preset/);
  });
});
