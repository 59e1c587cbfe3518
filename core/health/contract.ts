import { isRecord } from '../is-record.ts';
import { parseJson } from '../parse-json.ts';

type Loose = Readonly<Record<string, unknown>>;

/** What the document says about one component, and whatever else it says. */
export type ComponentHealth = Loose & {
  readonly status: 'passed' | 'failed' | 'unknown';
  readonly reason?: string | undefined;
  /** Instances that there are to be, and those of them that work; more than are to be where old and new ones overlap. */
  readonly instances?: number | undefined;
  readonly healthyInstances?: number | undefined;
};

/**
 * The contract health document that an application serves (docs/contract-health.md), and whatever else it says. A 200
 * alone is not healthy: the document says which parts work and which revisions the Region runs.
 */
export type ContractHealth = Loose & {
  readonly status: 'passed' | 'failed';
  readonly schema_rev?: string | undefined;
  readonly model_tag?: string | undefined;
  readonly index_hash?: string | undefined;
  readonly secrets_rev?: string | undefined;
  readonly release?: string | undefined;
  readonly coordination?: 'reachable' | 'unreachable' | undefined;
  readonly checks: Readonly<Record<string, ComponentHealth>>;
};

const REVISIONS = ['schema_rev', 'model_tag', 'index_hash', 'secrets_rev', 'release'] as const;
const COUNTS = ['instances', 'healthyInstances'] as const;

/**
 * Reads the document; undefined where it is not one, which says nothing about the Region. By hand and not by a schema: this
 * is read where a Region is being left, and a schema library would be a sixth of what has to be loaded there.
 */
export function parseContractHealth(body: string): ContractHealth | undefined {
  const document = parseJson(body);
  if (!isRecord(document) || !isOneOf(document['status'], ['passed', 'failed'])) return undefined;
  if (!REVISIONS.every((revision) => isTextOrNothing(document[revision]))) return undefined;
  const { coordination } = document;
  if (coordination !== undefined && !isOneOf(coordination, ['reachable', 'unreachable'])) return undefined;
  const checks = parseComponents(document['checks']);
  return checks === undefined ? undefined : ({ ...document, checks } as ContractHealth);
}

function parseComponents(checks: unknown): ContractHealth['checks'] | undefined {
  if (!isRecord(checks)) return undefined;
  const components = Object.entries(checks).map(([name, said]) => [name, parseComponent(said)] as const);
  if (components.some(([, component]) => component === undefined)) return undefined;
  return Object.fromEntries(components) as ContractHealth['checks'];
}

/** A count that is none is not said; what else a component says is heard all the same. */
function parseComponent(said: unknown): ComponentHealth | undefined {
  if (!isRecord(said) || !isOneOf(said['status'], ['passed', 'failed', 'unknown'])) return undefined;
  if (!isTextOrNothing(said['reason'])) return undefined;
  const wrong = COUNTS.filter((count) => count in said && !isCount(said[count]));
  return { ...said, ...Object.fromEntries(wrong.map((count) => [count, undefined])) } as ComponentHealth;
}

function isOneOf(value: unknown, allowed: readonly string[]): boolean {
  return typeof value === 'string' && allowed.includes(value);
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Differences between the revisions that are expected and those that a document reports, one text each. */
export function contractMismatches(
  expected: Readonly<Record<string, string | undefined>>,
  health: ContractHealth | undefined,
): readonly string[] {
  if (health === undefined) return ['the contract health document cannot be read'];
  return Object.entries(expected).flatMap(([revision, wanted]) => {
    const found = health[revision];
    return wanted === undefined || found === wanted
      ? []
      : [`${revision} is ${JSON.stringify(found ?? null)}, expected "${wanted}"`];
  });
}
