import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { byName, type Item } from './attribute-text.ts';

/** A condition on what stands under a key, as the writing calls take it. */
export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/**
 * Attributes that a condition names. An expression holds 300 operators and functions, and 4 KB; a hundred comparisons,
 * joined by AND, are 199 and 1.8 KB. An item of more attributes is known by these, the modified one first.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters
 */
const MOST_COMPARISONS = 100;

/**
 * That the item still is as it was read. DynamoDB cannot compare whole items, so its attributes are compared one by one,
 * and those that a change would add or the modified one must be absent where they were: what somebody has written since
 * shows unless it is a further attribute, in a write that leaves the modified one as it was.
 */
export function stillIs(
  standing: Item | undefined,
  key: string,
  { modifiedColumn, added }: { readonly modifiedColumn: string; readonly added: readonly string[] },
): Condition {
  if (standing === undefined) {
    return { ConditionExpression: 'attribute_not_exists(#n0)', ExpressionAttributeNames: { '#n0': key } };
  }
  const absent = [modifiedColumn, ...added].filter((name) => standing[name] === undefined);
  const present = byName(standing).toSorted(([a], [b]) => Number(b === modifiedColumn) - Number(a === modifiedColumn));
  const compared: readonly (readonly [string, AttributeValue | undefined])[] = [
    ...present.slice(0, 1),
    ...[...new Set(absent)].map((name) => [name, undefined] as const),
    ...present.slice(1),
  ];
  return conditionOf(compared.slice(0, MOST_COMPARISONS));
}

function conditionOf(compared: readonly (readonly [string, AttributeValue | undefined])[]): Condition {
  const values = compared.flatMap(([, value], at) => (value === undefined ? [] : [[`:v${at}`, value] as const]));
  return {
    ConditionExpression: compared
      .map(([, value], at) => (value === undefined ? `attribute_not_exists(#n${at})` : `#n${at} = :v${at}`))
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(compared.map(([name], at) => [`#n${at}`, name])),
    ...(values.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
}
