import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ApplicationState } from '../../core/operation/application-state.ts';
import { itemKeys } from './dynamodb-expressions.ts';
import type { DocumentSender } from './replica-sender.ts';
import { translated } from './translate-error.ts';

/** Reads how an application stands, for those who must never write it. */
export interface StateReader {
  /** The state as every replica agrees on it; undefined where nobody has written one yet. */
  find(): Promise<ApplicationState | undefined>;
}

/** The state in the coordination table, strongly consistent, and left as it is where there is none. */
export function createStateReader(config: ResolvedConfig, client: DocumentSender): StateReader {
  const Key = { application: config.application, item: itemKeys.state };
  const command = new GetCommand({ TableName: names.coordinationTable(config), Key, ConsistentRead: true });
  return {
    find: async () =>
      (await translated('read the state', () => client.send(command))).Item as ApplicationState | undefined,
  };
}
