import * as z from 'zod';
import { DEFAULT_CHECKS } from '../core/config/checks.ts';
import { DEFAULT_ENTITIES } from '../core/config/reconcile-entities.ts';
import { configSchema } from '../core/config/schema.ts';
import { markdownTable } from './markdown-table.ts';

/** A node of the JSON Schema that the config's schema gives. */
interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** Every field of the config: what it may be, its default, what it means. */
export function renderConfigurationTable(): string {
  return markdownTable(['field', 'allowed', 'default', 'meaning'], fieldRows(configSchema));
}

/** The fields of a schema, in the same columns. */
export function fieldRows(schema: z.ZodType): readonly Row[] {
  return fieldsOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode, '');
}

/** The default check table. */
export function renderCheckTable(): string {
  const rows = Object.entries(DEFAULT_CHECKS).map(([name, check]) => [
    name,
    check.kind,
    check.layer,
    check.class,
    String(check.intervalSeconds),
    String(check.failureThreshold),
    String(check.timeoutSeconds),
    check.dependsOn?.join(', ') ?? '–',
  ]);
  return markdownTable(['check', 'kind', 'layer', 'class', 'interval s', 'failures', 'timeout s', 'depends on'], rows);
}

/** The entities that are compared by default. */
export function renderEntityTable(): string {
  const rows = Object.entries(DEFAULT_ENTITIES).map(([name, { tier, policy }]) => [name, tier, policy]);
  return markdownTable(['entity', 'tier', 'policy'], rows);
}

/** A field, what it may be, its default, what it means. */
export type Row = readonly string[];

function fieldsOf({ properties = {}, required = [] }: SchemaNode, prefix: string): readonly Row[] {
  return Object.entries(properties).flatMap(([name, node]) => {
    const path = `${prefix}${name}`;
    const fallback = required.includes(name) ? 'required' : showDefault(node);
    return [[`\`${path}\``, allowed(node), fallback, node.description ?? ''], ...innerFields(node, path)];
  });
}

/**
 * Fields of an object, of the objects of a list, of those that stand under names, and of each variant of a union. What
 * stands under the names of `checks` has a document of its own.
 */
function innerFields(node: SchemaNode, path: string): readonly Row[] {
  if (node.properties !== undefined) return fieldsOf(node, `${path}.`);
  if (node.items?.properties !== undefined) return fieldsOf(node.items, `${path}[].`);
  const named = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
  if (named !== undefined) return path === 'checks' ? [] : innerFields(named, `${path}.<name>`);
  const variants = (node.oneOf ?? node.anyOf ?? []).filter(({ properties }) => properties !== undefined);
  if (variants.length === 1) return variants.flatMap((variant) => fieldsOf(variant, `${path}.`));
  return variants.flatMap((variant) => {
    const name = variantName(variant);
    if (name !== OBJECT) return fieldsOf(variant, `${path}(${name}).`);
    return fieldsOf(variant, `${path}.`).map(([field = '', may = '', , meaning = '']) => [
      field,
      may,
      'one of these',
      meaning,
    ]);
  });
}

/** What a variant is called that no field tells from the others. */
const OBJECT = 'object';

function variantName({ properties = {} }: SchemaNode): string {
  const [name, node] = Object.entries(properties).find(([, { const: value }]) => value !== undefined) ?? [];
  return name === undefined ? OBJECT : `${name} ${String(node?.const)}`;
}

function showDefault({ default: value }: SchemaNode): string {
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0))
    return '–';
  return `\`${JSON.stringify(value)}\``;
}

function allowed(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  const union = node.oneOf ?? node.anyOf;
  if (union !== undefined)
    return union
      .map((variant) => (variant.properties === undefined ? allowed(variant) : variantName(variant)))
      .join(', or ');
  const parts = [
    node.items === undefined ? node.type : `list of ${node.items.type ?? 'values'}`,
    range(node),
    node.format === 'starts_with' ? undefined : node.format,
  ].filter(Boolean);
  return parts.join(', ');
}

function range({ minimum, maximum, exclusiveMinimum, multipleOf, minItems, maxItems, maxLength }: SchemaNode): string {
  const largest = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const smallest = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const between = smallest !== undefined && largest !== undefined ? `${smallest} to ${largest}` : '';
  return [
    between,
    between === '' && smallest !== undefined ? `at least ${smallest}` : '',
    exclusiveMinimum === undefined ? '' : `more than ${exclusiveMinimum}`,
    multipleOf === undefined ? '' : `a multiple of ${multipleOf}`,
    minItems === undefined ? '' : `at least ${minItems}`,
    maxItems === undefined ? '' : `at most ${maxItems}`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}
