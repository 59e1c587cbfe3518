import { traitsOf } from '../../core/config/accessors.ts';
import { PRESET_TRAITS } from '../../core/config/preset.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type Problem, RefusedInputError } from '../../core/errors.ts';
import { resolveAction, resolveExpectation, resolveFault } from './resolve-entry.ts';
import { judgeScenario, type Scenario, type ScenarioEntries } from './scenario.ts';
import { configOf } from './scenario-config.ts';
import { createWords, type Words } from './words.ts';

/** A scenario as somebody wrote it, and how to speak of it. */
export interface WrittenScenario {
  readonly subject: string;
  readonly input: unknown;
}

/**
 * Reads a scenario; where a config is given, also what its words mean there.
 *
 * @throws {RefusedInputError} naming every problem at once: one of form hides none of a word elsewhere.
 */
export function readScenario({ subject, input }: WrittenScenario, config?: ResolvedConfig): Scenario {
  const { scenario, problems, entries } = judgeScenario(input);
  const told = config && configOf(scenario ?? {}, config);
  const all = [...problems, ...(told === undefined ? [] : resolveEntries(entries, told).problems)];
  if (scenario === undefined || all.length > 0) throw new RefusedInputError(subject, all, 'SCENARIO_REFUSED');
  return scenario;
}

/**
 * The scenario with the role words of its Regions, and every `{primary}`, `{standby.endpoint}`, `{application}` and
 * `{last-resort}` in its texts, replaced by what they are in a config: one scenario serves every config.
 *
 * @throws {RefusedInputError} naming every word that means nothing in this config.
 */
export function resolveScenario(scenario: Scenario, config: ResolvedConfig): Scenario {
  const { problems, ...entries } = resolveEntries(scenario, configOf(scenario, config));
  if (problems.length > 0) throw new RefusedInputError(`the scenario ${scenario.name}`, problems, 'SCENARIO_REFUSED');
  return { ...scenario, ...entries };
}

type ResolvedEntries = Pick<Scenario, 'faults' | 'actions' | 'expectations'> & {
  readonly problems: readonly Problem[];
};

function resolveEntries({ faults, actions, expectations }: ScenarioEntries, config: ResolvedConfig): ResolvedEntries {
  const problems: Problem[] = [...orchestrationProblems(config)];
  const words = createWords(config, (problem) => problems.push(problem));
  type Resolve<T> = (entry: T, words: Words, path: string) => T;
  const each = <T>(entries: readonly (T | undefined)[], key: string, resolve: Resolve<T>): T[] =>
    entries.flatMap((entry, index) => (entry === undefined ? [] : [resolve(entry, words, `${key}[${index}]`)]));
  return {
    faults: each(faults, 'faults', resolveFault),
    actions: each(actions, 'actions', resolveAction),
    expectations: each(expectations, 'expectations', resolveExpectation),
    problems,
  };
}

/** Without observers and machines nobody would act on anything that a scenario breaks. */
function orchestrationProblems(config: ResolvedConfig): readonly Problem[] {
  if (traitsOf(config).orchestrated) return [];
  const orchestrated = Object.entries(PRESET_TRAITS).filter(([, traits]) => traits.orchestrated);
  return [
    {
      path: 'preset',
      message: 'nothing is orchestrated under this preset of the config, so there is nothing to rehearse',
      value: config.preset,
      allowed: orchestrated.map(([preset]) => preset).join(', '),
      remedy: 'rehearse with another config',
    },
  ];
}
