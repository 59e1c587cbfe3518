import { GetExecutionHistoryCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { itemKeys } from '../../adapters/aws/dynamodb-expressions.ts';
import { type Deployment, names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Decision } from '../../core/decision/outcome.ts';
import type { ObserverReport } from '../../core/health/report.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import type { OperationRecord } from '../../core/operation/operation-record.ts';

/** What the coordination table holds, as a reader of it sees it. */
export interface TableSight {
  readonly state: ApplicationState | undefined;
  readonly decision: Decision | undefined;
  readonly reports: readonly ObserverReport[];
  readonly operations: readonly OperationRecord[];
}

/** Before the table is there. */
export const NOTHING_SEEN: TableSight = { state: undefined, decision: undefined, reports: [], operations: [] };

/** Reads the whole table of the application; nothing is written to it. */
export async function readTable(client: DynamoDBDocumentClient, config: ResolvedConfig): Promise<TableSight> {
  const items: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: names.coordinationTable(config),
        KeyConditionExpression: '#application = :application',
        ExpressionAttributeNames: { '#application': 'application' },
        ExpressionAttributeValues: { ':application': config.application },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    items.push(...Items);
    from = LastEvaluatedKey;
  } while (from !== undefined);
  const all = (prefix: string) => items.filter(({ item }) => String(item).startsWith(prefix));
  const one = (key: string) => items.find(({ item }) => item === key);
  return {
    state: one(itemKeys.state) as ApplicationState | undefined,
    decision: one(itemKeys.decision) as Decision | undefined,
    reports: all(itemKeys.reportPrefix) as unknown as readonly ObserverReport[],
    operations: (all(itemKeys.operationPrefix) as unknown as readonly OperationRecord[]).toSorted(
      (a, b) => a.openedAtEpochMs - b.openedAtEpochMs,
    ),
  };
}

const ENDS = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'] as const;

/** A state that a machine entered. */
export interface EnteredState {
  readonly atMs: number;
  readonly execution: string;
  readonly state: string;
}

/** The states that an operation's execution entered, from its history, and whether it has ended. */
export async function readStates(
  client: SFNClient,
  { config, deployment }: { readonly config: ResolvedConfig; readonly deployment: Deployment },
  { operationId, kind, request }: OperationRecord,
): Promise<{ readonly states: readonly EnteredState[]; readonly ended: boolean }> {
  const machine = names.stateMachineArn(config, deployment, { region: request.target, machine: kind });
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${operationId}`;
  const entered: EnteredState[] = [];
  let nextToken: string | undefined;
  let ended = false;
  do {
    const page = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000, nextToken }));
    for (const { type, timestamp, stateEnteredEventDetails: details } of page.events ?? []) {
      if (ENDS.some((end) => end === type)) ended = true;
      if (details?.name === undefined || timestamp === undefined) continue;
      entered.push({ atMs: timestamp.getTime(), execution: operationId, state: details.name });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return { states: entered, ended };
}
