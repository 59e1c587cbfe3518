import { homeRegion, observersOf } from '../../core/config/accessors.ts';
import { parseEndpoint } from '../../core/config/endpoint.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type Problem, RefusedInputError } from '../../core/errors.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';
import type { Scenario } from './scenario.ts';

/** Turns the role words of a scenario into the Region ids of a config, so that one scenario serves every config. */
export interface References {
  /** `primary`, `standby`, `standby[1]`, `vantage` or a Region id. */
  region(word: string): string;
  /** Every `{primary}`, `{standby.endpoint}`, `{application}` and `{last-resort}` inside the texts of a value. */
  value(value: unknown): unknown;
}

const ROLE = /^(primary|standby|vantage)(?:\[(\d+)\])?$/;

/**
 * The references of a config.
 *
 * @throws {RefusedInputError} from `region` where a word names nothing in this config.
 */
export function createReferences(config: ResolvedConfig): References {
  const home = homeRegion(config).id;
  const roles: Readonly<Record<string, readonly string[]>> = {
    primary: [home],
    standby: config.regions.map(({ id }) => id).filter((id) => id !== home),
    vantage: config.vantages,
  };
  const region = (word: string): string => {
    const match = ROLE.exec(word);
    const found =
      match === null ? observersOf(config).find((id) => id === word) : roles[match[1] ?? '']?.[Number(match[2] ?? 0)];
    if (found === undefined)
      throw new RefusedInputError('the scenario', [unknownRegion(config, word)], 'SCENARIO_REFUSED');
    return found;
  };
  const word = (name: string): string => {
    if (name === 'application') return config.application;
    if (name === 'last-resort') return lastResortValue(config);
    const [role = '', field] = name.split('.');
    return field === 'endpoint' ? hostOf(config, region(role)) : region(role);
  };
  const replace = (text: string): string => text.replace(/\{([a-z][^{}]*)\}/g, (_, name: string) => word(name));
  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return replace(given);
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, value(inner)]));
  };
  return { region, value };
}

/** The scenario with every role word replaced. All unknown words are reported at once. */
export function resolveScenario(scenario: Scenario, config: ResolvedConfig): Scenario {
  const references = createReferences(config);
  const problems: Problem[] = [];
  const region = (word: string, path: string): string => {
    try {
      return references.region(word);
    } catch (error) {
      if (!(error instanceof RefusedInputError)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, path })));
      return word;
    }
  };
  const resolved: Scenario = {
    ...scenario,
    faults: scenario.faults.map((fault, index) => {
      const path = `faults[${index}]`;
      if (fault.kind === 'link-cut') {
        const [a, b] = fault.between;
        return { ...fault, between: [region(a, `${path}.between[0]`), region(b, `${path}.between[1]`)] };
      }
      if (fault.kind === 'observer-blind') return { ...fault, observer: region(fault.observer, `${path}.observer`) };
      return 'region' in fault && fault.region !== undefined
        ? { ...fault, region: region(fault.region, `${path}.region`) }
        : fault;
    }),
    actions: scenario.actions.map((action) =>
      action.action === 'start'
        ? { ...action, input: references.value(action.input) as Record<string, unknown> }
        : action,
    ),
    expectations: scenario.expectations.map((expectation) => ({
      ...expectation,
      value: references.value(expectation.value),
    })),
  };
  if (problems.length > 0) throw new RefusedInputError(`the scenario ${scenario.name}`, problems, 'SCENARIO_REFUSED');
  return resolved;
}

function unknownRegion(config: ResolvedConfig, word: string): Problem {
  return {
    path: '',
    message: 'names no Region of the config',
    value: word,
    allowed: `primary, standby, standby[n], vantage, ${observersOf(config).join(', ')}`,
    remedy: 'correct it, or rehearse with another config',
  };
}

function hostOf(config: ResolvedConfig, id: string): string {
  const found = config.regions.find((candidate) => candidate.id === id);
  return found === undefined ? '' : parseEndpoint(found.endpoint).host;
}

function lastResortValue(config: ResolvedConfig): string {
  return recordTypeOf(config) === 'CNAME' ? names.lastResortRecord(config) : (config.lastResort?.addresses[0] ?? '');
}
