import { unmarshall } from '@aws-sdk/util-dynamodb';

/** An item as `aws dynamodb get-item` or the first of a `query` prints it, in plain JSON; anything else as it is. */
export function plainItem(printed: unknown): unknown {
  const item = itemOf(printed);
  return item === undefined ? printed : unmarshall(item);
}

function itemOf(printed: unknown): Parameters<typeof unmarshall>[0] | undefined {
  if (typeof printed !== 'object' || printed === null) return undefined;
  const { Item, Items } = printed as { readonly Item?: unknown; readonly Items?: readonly unknown[] };
  const item = Item ?? Items?.[0];
  return typeof item === 'object' && item !== null ? (item as Parameters<typeof unmarshall>[0]) : undefined;
}
