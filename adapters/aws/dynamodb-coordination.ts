import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Decision } from '../../core/decision/outcome.ts';
import type { Situation } from '../../core/decision/situation.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import { type ApplicationState, initialState } from '../../core/operation/application-state.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';
import type { ParityRecord } from '../../core/parity/parity-record.ts';
import type { Coordination } from '../../core/ports.ts';
import { type Expression, itemKeys, mergeExpression, transitionExpression } from './dynamodb-expressions.ts';
import type { DocumentSender } from './replica-sender.ts';
import { errorName, translated } from './translate-error.ts';

/**
 * The coordination table on DynamoDB. Every read is strongly consistent and every change conditional; the table itself is
 * multi-Region strongly consistent, so a condition judges the latest version whichever replica it reaches.
 *
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export function createDynamoDbCoordination(config: ResolvedConfig, client: DocumentSender): Coordination {
  return createCoordination({ application: config.application, initial: () => initialState(config) }, client);
}

/** Whose table it is, and its item before anything was written. */
export interface CoordinationOwner {
  readonly application: string;
  readonly initial: () => ApplicationState;
}

/** The same for any owner of such a table: an application, a fleet, or somebody else's application. */
export function createCoordination(owner: CoordinationOwner, client: DocumentSender): Coordination {
  const table = createTable(owner, client);
  const readState = async (): Promise<ApplicationState> => {
    const found = await table.get<ApplicationState>(itemKeys.state);
    if (found !== undefined) return found;
    const first = owner.initial();
    await table.put(itemKeys.state, first, {
      condition: 'attribute_not_exists(#item)',
      names: { '#item': 'item' },
    });
    return (await table.get<ApplicationState>(itemKeys.state)) ?? first;
  };
  return {
    readState,
    readSituation: async () => toSituation(await table.queryCurrent(), readState),
    transition: async (transition) => table.update<ApplicationState>(itemKeys.state, transitionExpression(transition)),
    claimRound: async (observer, round) =>
      (await table.update(itemKeys.round(observer), {
        update: 'SET #round = :round',
        condition: 'attribute_not_exists(#round) OR #round < :round',
        names: { '#round': 'round' },
        values: { ':round': round },
      })) !== undefined,
    mergeReport: async (report) => {
      const key = itemKeys.report(report.observer, report.subject);
      const merge = mergeExpression(report);
      if ((await table.update(key, merge)) !== undefined) return;
      const first = { condition: 'attribute_not_exists(#item)', names: { '#item': 'item' } };
      // Parts of the very first report come side by side: one of them makes the item, the others find it then.
      if (!(await table.put(key, report, first))) await table.update(key, merge);
    },
    replaceDecision: async (before, next) =>
      table.put(itemKeys.decision, next, {
        condition: before === undefined ? 'attribute_not_exists(#at)' : '#at = :at',
        names: { '#at': 'decidedAtEpochMs' },
        ...(before === undefined ? {} : { values: { ':at': before.decidedAtEpochMs } }),
      }),
    keepDecision: async (record) => {
      await table.put(itemKeys.kept(record.decision.decidedAtEpochMs), record, {
        condition: 'attribute_not_exists(#item)',
        names: { '#item': 'item' },
      });
    },
    keepParity: async (record) => {
      await table.put(itemKeys.parity(record.target), record, {
        condition: 'attribute_not_exists(#item) OR #at < :at OR #at = :at',
        names: { '#item': 'item', '#at': 'triedAtEpochMs' },
        values: { ':at': record.triedAtEpochMs },
      });
    },
    createOperation: async (record) => {
      await table.put(itemKeys.operation(record.operationId), record, {
        condition: 'attribute_not_exists(#item)',
        names: { '#item': 'item' },
      });
    },
    readOperation: (operationId) => table.get<OperationRecord>(itemKeys.operation(operationId)),
    appendEvent: async (operationId, position, event) =>
      (await table.update(itemKeys.operation(operationId), {
        update: 'SET #events = list_append(#events, :event)',
        condition: 'size(#events) = :position',
        names: { '#events': 'events' },
        values: { ':event': [event], ':position': position },
      })) !== undefined,
    setStatus: async (operationId, status, endedAtEpochMs) => {
      await table.update(itemKeys.operation(operationId), {
        update: 'SET #status = :status, #ended = :ended',
        condition: endedAtEpochMs === null ? 'attribute_exists(#item) AND #ended = :ended' : 'attribute_exists(#item)',
        names: { '#status': 'status', '#ended': 'endedAtEpochMs', '#item': 'item' },
        values: { ':status': status, ':ended': endedAtEpochMs },
      });
    },
    changeExecution: async (operationId, { from, to }) =>
      (await table.update(itemKeys.operation(operationId), {
        update: 'SET #execution = :to',
        condition: '#execution = :from AND #ended = :open',
        names: { '#execution': 'executionArn', '#ended': 'endedAtEpochMs' },
        values: { ':from': from, ':to': to, ':open': null },
      })) !== undefined,
  };
}

interface Table {
  get<T>(item: string): Promise<T | undefined>;
  /** False where the condition did not hold. */
  put(
    item: string,
    value: object,
    expression: { condition: string; names: Record<string, string>; values?: Record<string, unknown> },
  ): Promise<boolean>;
  /** The item after the update; undefined where the condition did not hold. */
  update<T>(item: string, expression: Expression): Promise<T | undefined>;
  /** Every item that describes the present: state, reports, decision. */
  queryCurrent(): Promise<readonly Record<string, unknown>[]>;
}

function createTable({ application }: CoordinationOwner, client: DocumentSender): Table {
  const TableName = names.coordinationTable({ application });
  const keyOf = (item: string) => ({ application, item });
  const conditional = async <T>(what: string, call: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await translated(what, call);
    } catch (error) {
      if (errorName(error) === 'ConditionalCheckFailedException') return undefined;
      throw error;
    }
  };
  return {
    get: async <T>(item: string) =>
      (
        await translated(`read ${item}`, () =>
          client.send(new GetCommand({ TableName, Key: keyOf(item), ConsistentRead: true })),
        )
      ).Item as T | undefined,
    put: async (item, value, { condition, names: attributes, values }) =>
      (await conditional(`write ${item}`, () =>
        client.send(
          new PutCommand({
            TableName,
            Item: { ...value, ...keyOf(item) },
            ConditionExpression: condition,
            ExpressionAttributeNames: attributes,
            ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
          }),
        ),
      )) !== undefined,
    update: async <T>(item: string, { update, condition, names: attributes, values }: Expression) =>
      (
        await conditional(`update ${item}`, () =>
          client.send(
            new UpdateCommand({
              TableName,
              Key: keyOf(item),
              UpdateExpression: update,
              ConditionExpression: condition,
              ExpressionAttributeNames: attributes,
              ExpressionAttributeValues: values,
              ReturnValues: 'ALL_NEW',
            }),
          ),
        )
      )?.Attributes as T | undefined,
    queryCurrent: async () =>
      (
        await translated('read the situation', () =>
          client.send(
            new QueryCommand({
              TableName,
              ConsistentRead: true,
              KeyConditionExpression: '#application = :application AND begins_with(#item, :current)',
              ExpressionAttributeNames: { '#application': 'application', '#item': 'item' },
              ExpressionAttributeValues: { ':application': application, ':current': itemKeys.currentPrefix },
            }),
          ),
        )
      ).Items ?? [],
  };
}

async function toSituation(
  items: readonly Record<string, unknown>[],
  readState: () => Promise<ApplicationState>,
): Promise<Situation> {
  const state = items.find(({ item }) => item === itemKeys.state);
  return {
    state: (state as ApplicationState | undefined) ?? (await readState()),
    reports: items.filter(({ item }) => String(item).startsWith(itemKeys.reportPrefix)) as unknown as ObserverReport[],
    decision: items.find(({ item }) => item === itemKeys.decision) as Decision | undefined,
    parity: items.filter(({ item }) => String(item).startsWith(itemKeys.parityPrefix)) as unknown as ParityRecord[],
  };
}
