import { applicationRegions, checksOf, observersOf } from '../../core/config/accessors.ts';
import { DATABASE_WRITER_CHECK } from '../../core/config/checks.ts';
import { reconciledEntities } from '../../core/config/reconcile-entities.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { DEFINITIONS } from '../step-functions/definition.ts';
import { apiOperationsOf } from './api-operations.ts';
import { type Expectation, operandFault } from './expectation-schema.ts';
import type { Fault } from './fault-schema.ts';
import type { Action } from './scenario.ts';
import type { Words } from './words.ts';

/** Faults of an application: there has to be one in the Region. */
const OF_APPLICATIONS: readonly Fault['kind'][] = [
  'front-door-down',
  'queued-writes',
  'unreplicated-writes',
  'component-down',
  'instances-down',
  'errors',
  'latency',
  'revision-differs',
  'blob-differs',
  'answers-drift',
  'dedupe-cold',
  'metrics-lie',
  'document-lies',
];

const CORRECT_IT = 'correct it, or rehearse with another config';

/** A fault with the ids of its Regions; what it names must be there to break. */
export function resolveFault(fault: Fault, words: Words, path: string): Fault {
  switch (fault.kind) {
    case 'link-cut':
      return resolveLinkCut(fault, words, path);
    case 'observer-blind':
    case 'clock-skew':
      return { ...fault, observer: resolveObserver(fault.observer, words, `${path}.observer`) };
    case 'api-refused':
    case 'api-answer-lost':
    case 'api-call-late':
      checkOperation(fault, words, path);
      break;
    case 'orchestrator-killed':
      choose(words, { path: `${path}.state`, value: fault.state, allowed: statesFor(fault) });
      break;
    case 'unreplicated-writes':
      choose(words, { path: `${path}.entity`, value: fault.entity, allowed: entitiesOf(words.config) });
      break;
    case 'blob-differs':
      choose(words, {
        path: `${path}.manifest`,
        value: fault.manifest,
        allowed: words.config.parity.blobs.map(({ name }) => name),
      });
      break;
    case 'answers-drift':
      checkCompared(words, { path: `${path}.kind`, section: 'goldProbes' });
      break;
    case 'dedupe-cold':
      checkCompared(words, { path: `${path}.kind`, section: 'dedupe' });
      break;
    case 'component-down':
    case 'instances-down':
      choose(words, { path: `${path}.component`, value: fault.component, allowed: componentsOf(words.config) });
      break;
  }
  if (!('region' in fault) || fault.region === undefined) return fault;
  const region = words.region(fault.region, `${path}.region`);
  if (OF_APPLICATIONS.includes(fault.kind)) {
    checkServes(words, region, `${path}.region`);
  }
  return { ...fault, region };
}

function entitiesOf(config: ResolvedConfig): readonly string[] {
  return reconciledEntities(config).map(({ name }) => name);
}

function resolveObserver(word: string, { config, region, report, knows }: Words, path: string): string {
  const found = region(word, path);
  const allowed = observersOf(config);
  if (!knows(found) || allowed.includes(found)) return found;
  const message = 'names a Region in which nobody observes';
  report({ path, message, value: word, allowed: allowed.join(', '), remedy: CORRECT_IT });
  return found;
}

type LinkCut = Extract<Fault, { kind: 'link-cut' }>;

function resolveLinkCut(fault: LinkCut, { region, report }: Words, path: string): LinkCut {
  const [a, b] = fault.between;
  const between: [string, string] = [region(a, `${path}.between[0]`), region(b, `${path}.between[1]`)];
  if (between[0] === between[1]) {
    const message = 'is the same Region as the other end of the link';
    report({ path: `${path}.between[1]`, message, value: b, remedy: 'name two Regions' });
  }
  return { ...fault, between };
}

/** Known Regions only: an unknown one has been reported. */
function checkServes({ config, report, knows }: Words, region: string, path: string): void {
  const allowed = applicationRegions(config);
  if (!knows(region) || allowed.includes(region)) return;
  const message = 'names a Region in which the application does not run';
  report({ path, message, value: region, allowed: allowed.join(', '), remedy: CORRECT_IT });
}

/** What the config does not compare is not there to differ. */
function checkCompared(
  { config, report }: Words,
  { path, section }: { readonly path: string; readonly section: 'goldProbes' | 'dedupe' },
): void {
  if (config.parity[section] !== undefined) return;
  const message = `differs in nothing that is there: the config has no parity.${section}`;
  report({ path, message, remedy: 'rehearse with a config that has it' });
}

function checkOperation(
  { service, operation }: Extract<Fault, { kind: 'api-refused' | 'api-answer-lost' | 'api-call-late' }>,
  words: Words,
  path: string,
): void {
  const known: Readonly<Record<string, readonly string[] | undefined>> = apiOperationsOf(words.config);
  choose(words, { path: `${path}.service`, value: service, allowed: Object.keys(known) });
  const operations = known[service];
  if (operations !== undefined) choose(words, { path: `${path}.operation`, value: operation, allowed: operations });
}

function choose(
  { report }: Words,
  { path, value, allowed }: { readonly path: string; readonly value: string; readonly allowed: readonly string[] },
): void {
  if (allowed.includes(value)) return;
  report({ path, message: 'is not known here', value, allowed: allowed.join(', '), remedy: CORRECT_IT });
}

/** After a state there is only something to lose where a task did something in it. */
function statesFor({ machine, point }: Extract<Fault, { kind: 'orchestrator-killed' }>): readonly string[] {
  const states = Object.entries(DEFINITIONS[machine].States);
  // Calls of a Map's children are the Map's.
  const isKnown = (type: string): boolean =>
    point === 'before' || type === 'Task' || (point === 'call' && type === 'Map');
  return states.filter(([, { Type }]) => isKnown(Type)).map(([name]) => name);
}

function componentsOf(config: ResolvedConfig): readonly string[] {
  const checked = checksOf(config).flatMap(({ check }) => (check.kind === 'deep' ? [check.component] : []));
  const { dedupe } = config.parity;
  const stores = dedupe === undefined ? [] : [dedupe.component];
  return [...new Set([...checked, ...stores, ...(config.data.adapter === 'none' ? [] : [DATABASE_WRITER_CHECK])])];
}

/** An action with the ids of its Regions; a machine is started in one. */
export function resolveAction(action: Action, words: Words, path: string): Action {
  if (action.action !== 'start') return action;
  const input = words.value(action.input, `${path}.input`) as Record<string, unknown>;
  if (action.region !== undefined) return { ...action, input, region: words.region(action.region, `${path}.region`) };
  const target = input['target'];
  if (typeof target !== 'string' || !observersOf(words.config).includes(target)) {
    const message = 'is missing, and the input names no target Region to start the machine in';
    words.report({ path: `${path}.region`, message, remedy: 'add it, or input.target' });
  }
  return { ...action, input };
}

/** An expectation with the words of its value replaced. */
export function resolveExpectation(expectation: Expectation, { value, report }: Words, path: string): Expectation {
  if (expectation.value === undefined) return expectation;
  const resolved = value(expectation.value, `${path}.value`);
  const fault = operandFault(expectation.op, resolved);
  if (fault !== undefined) report({ path: `${path}.value`, message: fault, value: resolved, remedy: 'correct it' });
  return { ...expectation, value: resolved };
}
