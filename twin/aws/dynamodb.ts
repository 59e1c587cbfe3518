import type { AttributeValue, GetItemInput, PutItemInput, QueryInput, UpdateItemInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { itemKeys } from '../../adapters/aws/dynamodb-expressions.ts';
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
  /** Told of every read and write of an owner's table before it is answered; throws where it is throttled. */
  readonly limit?: (kind: 'read' | 'write', owner: string) => void;
  /** An owner whose observers see for this one too. @default - nobody */
  readonly reportsOf?: (owner: string) => string | undefined;
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
  const tables = new Map<string, Map<string, Item>>();
  const tableOf = (item: Item): Map<string, Item> => {
    const owner = ownerOf(item);
    const known = tables.get(owner) ?? new Map<string, Item>();
    tables.set(owner, known);
    return known;
  };
  const reportsFor = (owner: string): readonly Item[] => {
    const seer = settings.reportsOf?.(owner);
    const items = seer === undefined ? [] : [...(tables.get(seer)?.values() ?? [])];
    return items.filter((item) => String(item['item']).startsWith(itemKeys.reportPrefix));
  };
  const writeIf = async (
    call: AwsCall,
    { keys, context, condition }: { keys: Item; context: ExpressionContext; condition: string | undefined },
    make: (before: Item | undefined) => Item,
  ): Promise<Item> => {
    requireQuorum(settings, call);
    settings.limit?.('write', ownerOf(keys));
    await settings.waitForQuorum();
    const items = tableOf(keys);
    const key = String(keys['item']);
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
      const keys = fromWire(input.Key);
      settings.limit?.('read', ownerOf(keys));
      const item = tableOf(keys).get(String(keys['item']));
      return item === undefined ? {} : { Item: item };
    },
    Query: async (input: QueryInput, call) => {
      requireQuorum(settings, call);
      const context = contextOf(input);
      const owner = { application: context.values[':application'] };
      settings.limit?.('read', ownerOf(owner));
      const matches = parseCondition(input.KeyConditionExpression ?? '', context);
      const matching = [...[...tableOf(owner).values()].filter(matches), ...reportsFor(ownerOf(owner))];
      return { Items: matching, Count: matching.length };
    },
    PutItem: async (input: PutItemInput, call) => {
      const item = fromWire(input.Item);
      await writeIf(call, { keys: item, context: contextOf(input), condition: input.ConditionExpression }, () => item);
      return {};
    },
    UpdateItem: async (input: UpdateItemInput, call) => {
      const keys = fromWire(input.Key);
      const context = contextOf(input);
      const after = await writeIf(call, { keys, context, condition: input.ConditionExpression }, (before) =>
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

/** Every owner has a table, and in it one partition. */
function ownerOf({ application }: Item): string {
  return String(application);
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
