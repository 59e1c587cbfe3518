import { isRecord } from '../is-record.ts';
import type { Entity } from '../reconcile/entity.ts';
import type { EntityField } from './reconcile-section.ts';
import type { ResolvedConfig } from './types.ts';

const CRITICAL = { tier: 'critical', policy: 'manual' } as const;
const EVENTUAL = { tier: 'eventual', policy: 'last-writer-wins' } as const;

/** What is compared where a config says nothing else, in the order of its foreign keys. `false` removes one. */
export const DEFAULT_ENTITIES: Readonly<Record<string, Pick<EntityField, 'tier' | 'policy'>>> = {
  customers: EVENTUAL,
  products: EVENTUAL,
  orders: CRITICAL,
  payments: CRITICAL,
  inventory: CRITICAL,
};

/**
 * The input with the default entities where a `reconcile` section says nothing. An entity takes its tier and its policy
 * from the section itself, then from `conflicts`, then from the default table. Repairs are written where the data tier lets
 * them be. What is malformed is left for the schema.
 */
export function withDefaultEntities(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { reconcile, conflicts } = input;
  if (!isRecord(reconcile)) return input;
  const given = reconcile['entities'];
  if (given !== undefined && !isRecord(given)) return input;
  const shared = isRecord(conflicts) ? conflicts : {};
  const names = [...new Set([...Object.keys(DEFAULT_ENTITIES), ...Object.keys(shared), ...Object.keys(given ?? {})])];
  const entities = names.map((name) => {
    const fallback = isRecord(shared[name]) ? shared[name] : DEFAULT_ENTITIES[name];
    return [name, withFallback(given?.[name], fallback)] as const;
  });
  return {
    ...input,
    reconcile: { ...defaultRepair(input, reconcile), ...reconcile, entities: Object.fromEntries(entities) },
  };
}

/** Data tiers that replicate what lies on disk: nobody can write to a copy. */
const PHYSICALLY_REPLICATED: ReadonlySet<unknown> = new Set(['aurora-global', 'rds-replica']);

function defaultRepair(
  { data }: Readonly<Record<string, unknown>>,
  { store }: Readonly<Record<string, unknown>>,
): { readonly repair?: 'source-only' } {
  const adapter = isRecord(data) ? data['adapter'] : undefined;
  const isGlobalTable = adapter === 'dynamodb-global' && isRecord(store) && store['kind'] === 'dynamodb';
  return isGlobalTable || PHYSICALLY_REPLICATED.has(adapter) ? { repair: 'source-only' } : {};
}

function withFallback(given: unknown, fallback: unknown): unknown {
  if (given === undefined) return fallback;
  return isRecord(given) && isRecord(fallback) ? { ...fallback, ...given } : given;
}

/** What is compared, in the order of the config; nothing where no reconciliation is configured. */
export function reconciledEntities({ reconcile }: Pick<ResolvedConfig, 'reconcile'>): readonly Entity[] {
  return Object.entries(reconcile?.entities ?? {}).flatMap(([name, field]) =>
    field === false ? [] : [{ ...field, name, table: field.table ?? name }],
  );
}
