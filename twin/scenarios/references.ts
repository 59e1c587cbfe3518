import { homeRegion, observersOf } from '../../core/config/accessors.ts';
import { parseEndpoint } from '../../core/config/endpoint.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type Problem, RefusedInputError } from '../../core/errors.ts';
import { recordTypeOf } from '../../core/routing/compile/weighted-group.ts';
import type { Action, Expectation, Fault, Scenario } from './scenario.ts';

const ROLE = /^(primary|standby|vantage)(?:\[(\d+)\])?$/;
const REFERENCE = /\{([a-z][^{}]*)\}/g;

/**
 * The scenario with the role words of its Regions, and every `{primary}`, `{standby.endpoint}`, `{application}` and
 * `{last-resort}` in its texts, replaced by what they are in a config: one scenario serves every config.
 *
 * @throws {RefusedInputError} naming every word that means nothing in this config.
 */
export function resolveScenario(scenario: Scenario, config: ResolvedConfig): Scenario {
  const problems: Problem[] = [];
  const words = createWords(config, (problem) => problems.push(problem));
  const resolved: Scenario = {
    ...scenario,
    faults: scenario.faults.map((fault, index) => resolveFault(fault, words, `faults[${index}]`)),
    actions: scenario.actions.map((action, index) => resolveAction(action, words, `actions[${index}]`)),
    expectations: scenario.expectations.map((expectation, index) =>
      resolveExpectation(expectation, words, `expectations[${index}]`),
    ),
  };
  if (problems.length > 0) throw new RefusedInputError(`the scenario ${scenario.name}`, problems, 'SCENARIO_REFUSED');
  return resolved;
}

/** Looks words up. A word that means nothing is reported and stands for itself. */
interface Words {
  region(word: string, path: string): string;
  value(value: unknown, path: string): unknown;
}

function createWords(config: ResolvedConfig, report: (problem: Problem) => void): Words {
  const region = (word: string, path: string): string => {
    const found = findRegion(config, word);
    if (found === undefined) report({ ...unknownRegion(config, word), path });
    return found ?? word;
  };
  const word = (name: string, path: string): string => {
    if (name === 'application') return config.application;
    if (name === 'last-resort') return lastResortValue(config);
    const [role = '', field] = name.split('.');
    const id = region(role, path);
    return field === 'endpoint' ? hostOf(config, id) : id;
  };
  const value = (given: unknown, path: string): unknown => {
    if (typeof given === 'string') return given.replace(REFERENCE, (_, name: string) => word(name, path));
    if (Array.isArray(given)) return given.map((inner) => value(inner, path));
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, inner]) => [key, value(inner, `${path}.${key}`)]));
  };
  return { region, value };
}

function resolveFault(fault: Fault, { region }: Words, path: string): Fault {
  if (fault.kind === 'link-cut') {
    const [a, b] = fault.between;
    return { ...fault, between: [region(a, `${path}.between[0]`), region(b, `${path}.between[1]`)] };
  }
  if (fault.kind === 'observer-blind') return { ...fault, observer: region(fault.observer, `${path}.observer`) };
  return 'region' in fault && fault.region !== undefined
    ? { ...fault, region: region(fault.region, `${path}.region`) }
    : fault;
}

function resolveAction(action: Action, { region, value }: Words, path: string): Action {
  if (action.action !== 'start') return action;
  const input = value(action.input, `${path}.input`) as Record<string, unknown>;
  return action.region === undefined
    ? { ...action, input }
    : { ...action, input, region: region(action.region, `${path}.region`) };
}

function resolveExpectation(expectation: Expectation, { value }: Words, path: string): Expectation {
  return { ...expectation, value: value(expectation.value, `${path}.value`) };
}

function findRegion(config: ResolvedConfig, word: string): string | undefined {
  const match = ROLE.exec(word);
  if (match === null) return observersOf(config).find((id) => id === word);
  const home = homeRegion(config).id;
  const roles: Readonly<Record<string, readonly string[]>> = {
    primary: [home],
    standby: config.regions.map(({ id }) => id).filter((id) => id !== home),
    vantage: config.vantages,
  };
  return roles[match[1] ?? '']?.[Number(match[2] ?? 0)];
}

function unknownRegion(config: ResolvedConfig, word: string): Omit<Problem, 'path'> {
  return {
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
