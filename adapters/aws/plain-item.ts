import { unmarshall } from '@aws-sdk/util-dynamodb';
import { RefusedInputError } from '../../core/errors.ts';

/**
 * An item as `aws dynamodb get-item` or the first of a `query` prints it, in plain JSON; anything else as it is.
 *
 * @throws {RefusedInputError} where it has the form of an item and is none
 */
export function plainItem(printed: unknown, subject: string): unknown {
  const item = itemOf(printed);
  if (item === undefined) return printed;
  try {
    return unmarshall(item);
  } catch (error) {
    const message = `is no item of DynamoDB: ${error instanceof Error ? error.message : String(error)}`;
    throw new RefusedInputError(subject, [{ path: '', message, remedy: 'give the output of the command as it is' }]);
  }
}

function itemOf(printed: unknown): Parameters<typeof unmarshall>[0] | undefined {
  if (typeof printed !== 'object' || printed === null) return undefined;
  const { Item, Items } = printed as { readonly Item?: unknown; readonly Items?: readonly unknown[] };
  const item = Item ?? Items?.[0];
  return typeof item === 'object' && item !== null ? (item as Parameters<typeof unmarshall>[0]) : undefined;
}
