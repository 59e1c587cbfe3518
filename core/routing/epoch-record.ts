import { names } from '../config/names.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { ResourceRecordSet } from './record-set.ts';

/** What the zone itself says about who wrote last: the operation's epoch and the number of its batch. */
export interface EpochMark {
  readonly epoch: number;
  readonly sequence: number;
}

const VALUE = /^"(\d+)\.(\d+)"$/;
const TTL_SECONDS = 60;

/** The TXT record that carries the mark; its exact value is what a batch compares and swaps. */
export function epochRecord(config: Pick<ResolvedConfig, 'record'>, { epoch, sequence }: EpochMark): ResourceRecordSet {
  return {
    Name: names.epochRecord(config),
    Type: 'TXT',
    TTL: TTL_SECONDS,
    ResourceRecords: [{ Value: `"${epoch}.${sequence}"` }],
  };
}

/** The mark of a live record; undefined where its value is not one. */
export function parseEpochMark(record: ResourceRecordSet): EpochMark | undefined {
  const match = VALUE.exec(record.ResourceRecords?.[0]?.Value ?? '');
  return match === null ? undefined : { epoch: Number(match[1]), sequence: Number(match[2]) };
}
