import type { AttributeValue, GetItemInput, PutItemInput, QueryInput, UpdateItemInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Network } from '../world/network.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { applyUpdate, type ExpressionContext, parseCondition } from './dynamodb-expression.ts';
import { ServiceError } from './service-error.ts';

type Item = Record<string, unknown>;
type Attributes = Record<string, AttributeValue>;

/** The table: keys of application and item, and the Regions that form its quorum. */
export interface DynamoDbSettings {
  readonly network: Network;
  /** Replicas and witness of the strongly consistent table. */
  readonly members: readonly string[];
  /** Time that a write waits for another member. */
  readonly waitForQuorum: () => Promise<void>;
  /** Told of every item as it stands after a write. */
  readonly onWrite: (item: Readonly<Record<string, unknown>>) => void;
}

/**
 * Items are plain values here and never changed in place. (The document client unmarshalls in the step that follows the
 * twin's answer, so they go out as they are.)
 *
 * A multi-Region strongly consistent table: one content, whichever replica is asked, and nothing at all where fewer than
 * two members hold together.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export function createDynamoDb(settings: DynamoDbSettings): ServiceHandlers {
  const items = new Map<string, Item>();
  const writeIf = async (
    call: AwsCall,
    { key, context, condition }: { key: string; context: ExpressionContext; condition: string | undefined },
    make: (before: Item | undefined) => Item,
  ): Promise<Item> => {
    requireQuorum(settings, call);
    await settings.waitForQuorum();
    const before = items.get(key);
    if (condition !== undefined && !parseCondition(condition, context)(before)) {
      throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed');
    }
    const after = make(before);
    items.set(key, after);
    settings.onWrite(after);
    return after;
  };
  return {
    GetItem: async (input: GetItemInput, call) => {
      requireQuorum(settings, call);
      const item = items.get(keyOf(fromWire(input.Key)));
      return item === undefined ? {} : { Item: item };
    },
    Query: async (input: QueryInput, call) => {
      requireQuorum(settings, call);
      const matches = parseCondition(input.KeyConditionExpression ?? '', contextOf(input));
      const matching = [...items.values()].filter(matches);
      return { Items: matching, Count: matching.length };
    },
    PutItem: async (input: PutItemInput, call) => {
      const item = fromWire(input.Item);
      await writeIf(
        call,
        { key: keyOf(item), context: contextOf(input), condition: input.ConditionExpression },
        () => item,
      );
      return {};
    },
    UpdateItem: async (input: UpdateItemInput, call) => {
      const keys = fromWire(input.Key);
      const context = contextOf(input);
      const after = await writeIf(call, { key: keyOf(keys), context, condition: input.ConditionExpression }, (before) =>
        applyUpdate(input.UpdateExpression ?? '', before ?? keys, context),
      );
      return input.ReturnValues === 'ALL_NEW' ? { Attributes: after } : {};
    },
  };
}

/** The replica that is asked and one more member must hold together. */
function requireQuorum({ network, members }: DynamoDbSettings, { region }: AwsCall): void {
  const together = members.filter((member) => network.connects(region, member));
  if (together.length * 2 > members.length) return;
  throw new ServiceError('InternalServerError', `the replica in ${region} reaches no quorum`, 500);
}

function keyOf({ application, item }: Item): string {
  return `${String(application)}/${String(item)}`;
}

function contextOf(input: {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Attributes | undefined;
}): ExpressionContext {
  return { names: input.ExpressionAttributeNames ?? {}, values: fromWire(input.ExpressionAttributeValues) };
}

function fromWire(attributes: Attributes | undefined): Item {
  return attributes === undefined ? {} : unmarshall(attributes);
}
