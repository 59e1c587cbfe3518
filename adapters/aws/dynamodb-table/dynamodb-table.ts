import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inParallel } from '../../../core/in-parallel.ts';
import type { Entity, RepairSides } from '../../../core/reconcile/entity.ts';
import { ReconcileError } from '../../../core/reconcile/errors.ts';
import type { DigestReader, Key, KeyedState, RowVersion, StateDetail, Table } from '../../../core/reconcile/table.ts';
import type { Item } from './attribute-text.ts';
import { getItems } from './get-items.ts';
import { digestOf, itemOf, versionOf } from './item-versions.ts';
import { cutRange } from './positions.ts';
import { translated } from './refusals.ts';
import { digestRanges, digestRows, KeptSegment, type Scanned } from './scan-items.ts';
import { type DescribedTable, describeTable } from './table-keys.ts';
import { Tombstones } from './tombstones.ts';
import { makeChange, type Transact, transactWrites } from './write-items.ts';

/** Changes made at a time. */
const CHANGES_AT_ONCE = 8;

/** Makes sure that a table for lost versions is there. */
export type PrepareAudit = (client: DynamoDBClient, table: string) => Promise<void>;

/** A table of one side. */
export interface DynamoDbTableProps {
  readonly entity: Entity;
  readonly client: DynamoDBClient;
  /** Name of the table that keeps lost versions, in the same Region. */
  readonly auditTable: string;
  /** The Region whose table it is, for messages. */
  readonly region: string;
  readonly repair: RepairSides;
  /** Makes sure that the audit table is there. @default - refused: a function that does not need to makes no table */
  readonly prepareAudit?: PrepareAudit | undefined;
  /** @default - those of DynamoDB */
  readonly transact?: Transact;
}

/**
 * An entity's table in DynamoDB. Items have no schema: the shape is the key, and a row has the attributes that it has. A
 * range is a run of places in a parallel scan (positions.ts), so comparing reads every item once on each side, and those
 * that are looked at more closely out of what was read.
 */
export function createDynamoDbTable(props: DynamoDbTableProps): Table {
  const { entity, client, region, auditTable, transact = transactWrites, prepareAudit = noTables } = props;
  let described: Promise<DescribedTable> | undefined;
  const tombstones = entity.tombstones && new Tombstones(client, entity.tombstones);
  const open = (): Promise<DescribedTable> => {
    described ??= describeTable(client, entity.table).catch((error) => {
      described = undefined;
      throw error;
    });
    return described;
  };
  const call = <Result>(run: (table: DescribedTable) => Promise<Result>): Promise<Result> =>
    translated(`${entity.name} in ${region}`, async () => run(await open()));
  const reading = (kept?: KeptSegment): DigestReader => {
    const scanned = (table: DescribedTable): Scanned => ({ client, table, entity, ...(kept && { kept }) });
    return {
      boundaries: async (range, parts) => cutRange(range, parts, kept?.rowsOf(0, { segments: 1 }) !== undefined),
      digests: (ranges) => call((table) => digestRanges(scanned(table), ranges)),
      rowDigests: (range, limit) => call((table) => digestRows(scanned(table), range, limit)),
    };
  };
  return {
    shape: () =>
      call(async ({ key }) => ({
        columns: key.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        key: key.map(({ name }) => name),
        keyOrder: 'places in a parallel scan, by sha-256',
      })),
    estimateRows: () =>
      translated(`${entity.name} in ${region}`, async () => (await describeTable(client, entity.table)).items),
    ...reading(),
    comparing: () => reading(new KeptSegment()),
    state: (keys, detail = 'contents') => call((table) => readState(props, tombstones, { table, keys, detail })),
    digestsOf: (contents) => call(async ({ key }) => contents.map((columns) => digestOf(entity, itemOf(key, columns)))),
    prepareAudit: () =>
      call(async (table) => {
        assertWritable(props, table);
        await prepareAudit(client, auditTable);
      }),
    apply: (changes) =>
      call((table) => {
        assertWritable(props, table);
        const into = { client, table, entity, auditTable, transact };
        return inParallel(changes, CHANGES_AT_ONCE, (change) => makeChange(into, change));
      }),
  };
}

const noTables: PrepareAudit = (_, table) =>
  Promise.reject(new ReconcileError('StoreRefusedError', `audit table ${table} is not made from here`));

/**
 * Replicas of a global table settle by the later write. A repair of one side, written after the other side was read, would
 * be later than what an application writes on the other in between, and would take that away everywhere.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
function assertWritable({ entity, repair }: DynamoDbTableProps, { isReplica, name }: DescribedTable): void {
  if (!isReplica || repair === 'source-only') return;
  throw new ReconcileError(
    'StoreRefusedError',
    `${name} of ${entity.name} is a replica of a global table, and reconcile.repair is both-sides: repairs of one side would overtake writes of the other; set reconcile.repair to source-only, and replication brings them`,
    { source: 'operator' },
  );
}

async function readState(
  { client, entity }: DynamoDbTableProps,
  tombstones: Tombstones | undefined,
  {
    table,
    keys,
    detail,
  }: { readonly table: DescribedTable; readonly keys: readonly Key[]; readonly detail: StateDetail },
): Promise<KeyedState> {
  if (keys.length === 0) return { rows: [], tombstones: [] };
  const version = (item: Item): RowVersion => {
    const row = versionOf(entity, table.key, item);
    return detail === 'contents' ? row : { ...row, columns: {} };
  };
  const [rows, deleted] = await Promise.all([
    getItems(client, table, keys, version),
    tombstones === undefined ? { tombstones: [] } : tombstones.of(table.key, keys),
  ]);
  return { rows, ...deleted };
}
