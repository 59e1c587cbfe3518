import { type ClientSettings, dynamoDbClient } from './clients.ts';
import { createReplicaSender, type DocumentSender } from './replica-sender.ts';

/** Sends to whichever replica answers, this Region's own first. */
export function replicaSender({
  config,
  region,
  clients,
}: { readonly region: string; readonly clients?: ClientSettings } & {
  readonly config: { readonly coordination?: { readonly replicas: readonly string[] } | undefined };
}): DocumentSender {
  const replicas = config.coordination?.replicas ?? [region];
  const nearestFirst = replicas.toSorted((a, b) => Number(b === region) - Number(a === region));
  return createReplicaSender(nearestFirst.map((replica) => dynamoDbClient(replica, clients)));
}
