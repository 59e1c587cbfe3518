import type { ResolvedConfig } from './types.ts';

type Data = ResolvedConfig['data'];

/** A data tier of which something is promoted; the others move by the right to commit alone. */
export type PromotedData = Extract<Data, { readonly promotionDeadlineSeconds: number }>;

/** Whether the writer is moved by a request to the data tier, which takes its time and cannot be taken back. */
export function isPromoted(data: Data): data is PromotedData {
  return 'promotionDeadlineSeconds' in data;
}

/** Whether Regions hold copies that lag behind, so that a failover may lose something. */
export function isReplicated(data: Data): data is Exclude<Data, { readonly adapter: 'none' }> {
  return data.adapter !== 'none';
}

/** Identifier of the DB instance in a Region. */
export function replicaInstance(
  { instance, instances }: Extract<Data, { readonly adapter: 'rds-replica' }>,
  region: string,
): string {
  return instances?.[region] ?? instance;
}
