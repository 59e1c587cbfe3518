import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isTransient } from './translate-error.ts';

/** The one method of a document client that the coordination table needs. */
export type DocumentSender = Pick<DynamoDBDocumentClient, 'send'>;

/**
 * Sends to the first replica that answers, and goes on with that one: any replica of a strongly consistent table judges
 * a condition on the latest version, so a dead replica must cost one deadline and not the application.
 *
 * Where a replica did not say whether it wrote, the next one is asked the same; a condition that the first had already
 * met then fails there, and whoever asked reads what stands.
 */
export function createReplicaSender(replicas: readonly DocumentSender[]): DocumentSender {
  let preferred = 0;
  const send = async (command: Parameters<DynamoDBDocumentClient['send']>[0]): Promise<unknown> => {
    let last: unknown;
    for (let tried = 0; tried < replicas.length; tried++) {
      const index = (preferred + tried) % replicas.length;
      const replica = replicas[index];
      try {
        const output = await replica?.send(command);
        preferred = index;
        return output;
      } catch (error) {
        if (!isTransient(error)) throw error;
        last = error;
      }
    }
    throw last;
  };
  return { send: send as DynamoDBDocumentClient['send'] };
}
