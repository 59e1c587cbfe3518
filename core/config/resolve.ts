import type * as z from 'zod';
import { type Problem, RefusedInputError } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { schemaProblems } from '../schema-problems.ts';
import { zoneNameOf } from './accessors.ts';
import { DEFAULT_CHECKS } from './checks.ts';
import { deepFreeze } from './deep-freeze.ts';
import { withPresetDefaults } from './preset-defaults.ts';
import { withDefaultEntities } from './reconcile-entities.ts';
import { judgeCrossFields } from './rules/index.ts';
import { configSchema } from './schema.ts';
import type { ConfigInput, ParsedConfig, ResolvedConfig } from './types.ts';

/**
 * Turns what a person wrote into a config that holds: checks merged into the default table, defaults filled in,
 * every rule judged, the result frozen.
 *
 * @throws {RefusedInputError} naming every problem at once, with path, value, what is allowed, remedy and source.
 */
export function resolveConfig(input: unknown): ResolvedConfig {
  const merged = withDefaults(input);
  const parsed = configSchema.safeParse(merged);
  const shape = parsed.success
    ? []
    : schemaProblems(parsed.error, { input: merged, keysListedIn: 'docs/configuration.md' });
  const sections = wellFormedSections(merged);
  const problems: readonly Problem[] = [...shape, ...judgeCrossFields(sections)];
  if (problems.length > 0 || !parsed.success) throw new RefusedInputError('the config', problems, 'CONFIG_REFUSED');
  return deepFreeze(fillIn(parsed.data));
}

/** Helps the editor with types and reports every problem as soon as the file is loaded. */
export function defineConfig(input: ConfigInput): ResolvedConfig {
  return resolveConfig(input);
}

function withDefaults(input: unknown): unknown {
  return isRecord(input) ? withDefaultEntities(withDefaultChecks(withPresetDefaults(input))) : input;
}

function withDefaultChecks(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const given = input['checks'];
  if (given !== undefined && !isRecord(given)) return input;
  const names = [...new Set([...Object.keys(DEFAULT_CHECKS), ...Object.keys(given ?? {})])];
  return { ...input, checks: Object.fromEntries(names.map((name) => [name, mergeCheck(name, given?.[name])])) };
}

/** A changed kind starts anew from the fields that all kinds share; the rest of the default row would not fit it. */
function mergeCheck(name: string, given: unknown): unknown {
  const fallback = DEFAULT_CHECKS[name];
  if (given === undefined) return fallback;
  if (fallback === undefined || !isRecord(given)) return given;
  if (given['kind'] === undefined || given['kind'] === fallback.kind) return { ...fallback, ...given };
  const { layer, class: checkClass, intervalSeconds, failureThreshold, timeoutSeconds, dependsOn } = fallback;
  return { layer, class: checkClass, intervalSeconds, failureThreshold, timeoutSeconds, dependsOn, ...given };
}

/**
 * The sections that rules across fields can be judged on though others are malformed; one that is optional and not given
 * is there as undefined. An unknown key is reported but does not hide what else is wrong; any other fault takes its
 * section out, since guessing a value could raise a problem that is not there.
 */
function wellFormedSections(input: unknown): Partial<ParsedConfig> {
  if (!isRecord(input)) return {};
  const sections: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(configSchema.shape) as [string, z.ZodType][]) {
    const first = schema.safeParse(input[name]);
    const parsed = first.success ? first : schema.safeParse(withoutUnknownKeys(input[name], first.error));
    if (parsed.success) sections[name] = parsed.data;
  }
  return sections;
}

function withoutUnknownKeys(section: unknown, error: z.ZodError): unknown {
  const unknown = error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  return unknown.reduce(
    (pruned, { path, keys }) => keys.reduce((kept, key) => without(kept, path, key), pruned),
    section,
  );
}

function without(node: unknown, [head, ...rest]: readonly PropertyKey[], key: string): unknown {
  if (Array.isArray(node)) return node.map((item, index) => (index === head ? without(item, rest, key) : item));
  if (!isRecord(node)) return node;
  if (head !== undefined) return { ...node, [head]: without(node[String(head)], rest, key) };
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== key));
}

function fillIn(config: ParsedConfig): ResolvedConfig {
  const hosts = [...config.regions.map(({ id }) => id), ...config.vantages];
  const guardians =
    config.evacuation.guardians ??
    Object.fromEntries(config.regions.map(({ id }) => [id, hosts.filter((host) => host !== id).slice(0, 2)] as const));
  const hostedZoneName = zoneNameOf(config);
  // Parsed once more for one order of keys, whoever wrote it: the printed form of a printed form is the same text.
  return configSchema.parse({
    ...config,
    hostedZoneName,
    evacuation: { ...config.evacuation, guardians },
  }) as ResolvedConfig;
}
