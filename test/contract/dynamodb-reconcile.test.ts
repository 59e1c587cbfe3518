import { DynamoDBClient, type TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbTable } from '../../adapters/aws/dynamodb-table/dynamodb-table.ts';
import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import type { Table } from '../../core/reconcile/table.ts';
import {
  createSampleTables,
  type LocalDynamoDb,
  putItem,
  readAudit,
  sampleItem,
  sampleTable,
  startDynamoDb,
} from '../_helpers/dynamodb-sample.ts';
import { CUT, localRun, planRequest, reconcile } from '../_helpers/reconcile-tables.ts';
import { SAMPLE_ENTITY, type SampleRow } from '../_helpers/table-contract.ts';

let server: LocalDynamoDb;
beforeAll(async () => {
  server = await startDynamoDb();
});
afterAll(() => server.close());

const row = (customer: string, note: string, minutes: number): SampleRow => ({
  customer,
  number: 1,
  note,
  modifiedAtEpochMs: CUT + minutes * 60_000,
});

describe('two tables in DynamoDB', () => {
  it('are made to agree, whatever differs, and what a conflict loses is kept', async () => {
    const { entities, tables } = await twoSides('agree');
    const equal = Array.from({ length: 60 }, (_, at) => row(`same-${at}`, 'x', -5));
    for (const side of ['source', 'target'] as const) {
      for (const one of equal) await putItem(server.client, entities[side].table, sampleItem(one));
    }
    const put = (side: keyof Sides<unknown>, one: SampleRow) =>
      putItem(server.client, entities[side].table, sampleItem(one));
    for (const side of ['source', 'target'] as const) await bury(entities[side], '(long gone)', -90);
    await put('source', row('only-source', 'new', 2));
    await put('target', row('only-target', 'new', 2));
    await put('source', row('changed', 'later', 3));
    await put('target', row('changed', 'former', -3));
    await put('source', row('both', 'source says', 4));
    await put('target', row('both', 'target says', 2));
    await put('target', row('deleted', 'former', -3));
    await bury(entities.source, 'deleted', 1);
    const request = planRequest({ entities: [{ ...SAMPLE_ENTITY, policy: 'last-writer-wins' }], rowsPerRange: 20 });
    const report = await reconcile(
      localRun(() => tables),
      request,
    );
    expect(report.clean).toBe(true);
    const [section] = report.sections;
    expect(section).toMatchObject({
      discrepancies: { 'missing-in-source': 1, 'missing-in-target': 1, mismatch: 1, conflict: 1, deleted: 1 },
    });
    const digests = async (side: keyof Sides<unknown>) => tables[side].digests([{ from: null, to: null }], 'native');
    expect(await digests('target')).toEqual(await digests('source'));
    const kept = await readAudit(server.client, 'agree-audit-target');
    expect(kept.map(({ key }) => key[0]).toSorted()).toEqual(['both', 'changed', 'deleted']);
    expect(kept.find(({ key }) => key[0] === 'both')?.version.columns['note']).toBe('{"S":"target says"}');
  });

  it('agree though each side has its items in other segments of a scan', async () => {
    const { entities, tables } = await twoSides('segments');
    const rows = Array.from({ length: 20 }, (_, at) => row(`c-${at}`, 'x', -5));
    for (const side of ['source', 'target'] as const) {
      for (const one of rows) await putItem(server.client, entities[side].table, sampleItem(one));
    }
    await putItem(server.client, entities.target.table, sampleItem(row('c-7', 'y', 3)));
    const turned = { ...tables, target: withSegmentsTurned(server.client, entities.target) };
    const request = planRequest({ entities: [SAMPLE_ENTITY], rowsPerRange: 5 });
    const report = await reconcile(
      localRun(() => turned),
      request,
    );
    expect(report.clean).toBe(true);
    expect(report.sections[0]?.discrepancies).toMatchObject({ 'missing-in-source': 0, 'missing-in-target': 0 });
    expect((await tables.source.state([['c-7', '1']])).rows[0]?.columns['note']).toBe('{"S":"y"}');
  });
});

/** Says in a side's tombstones that a row was deleted so many minutes after the cut. */
function bury({ tombstones }: Entity, customer: string, minutes: number): Promise<void> {
  return putItem(server.client, tombstones?.table ?? '', {
    customer: { S: customer },
    number: { N: '1' },
    deleted_at: { N: String(CUT + minutes * 60_000) },
  });
}

async function twoSides(name: string): Promise<{ readonly entities: Sides<Entity>; readonly tables: Sides<Table> }> {
  const entities = {
    source: await createSampleTables(server.client, `${name}-source`),
    target: await createSampleTables(server.client, `${name}-target`),
  };
  const table = (side: keyof Sides<unknown>) => sampleTable(server.client, entities[side], `${name}-audit-${side}`);
  return { entities, tables: { source: table('source'), target: table('target') } };
}

/** A table whose segments are numbered the other way around, as no page says that they may not be. */
function withSegmentsTurned(client: DynamoDBClient, entity: Entity): Table {
  const turned = new DynamoDBClient({
    region: 'ap-northeast-1',
    endpoint: async () => client.config.endpoint?.() as never,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  turned.middlewareStack.add(
    (next) => (args) => {
      const { Segment, TotalSegments } = args.input as { readonly Segment?: number; readonly TotalSegments?: number };
      if (Segment === undefined || TotalSegments === undefined) return next(args);
      return next({ ...args, input: { ...args.input, Segment: TotalSegments - 1 - Segment } as never });
    },
    { step: 'initialize' },
  );
  return sampleTable(turned, entity, 'segments-audit-target');
}

describe('a repair with a version to be kept', () => {
  const change = {
    key: ['ana', '1'],
    expected: null,
    wanted: '',
    audit: [
      {
        planId: 'plan-1',
        entity: 'orders',
        key: ['ana', '1'],
        region: 'ap-northeast-1',
        version: { key: ['ana', '1'], digest: 'd', columns: {}, modifiedAtEpochMs: null },
        reason: 'lost',
        recordedAtEpochMs: 1,
      },
    ],
  };
  const columns = { customer: '{"S":"ana"}', number: '{"N":"1"}' };

  it('is one transaction of the item, on its condition, and of the audit', async () => {
    const sent: TransactWriteItemsCommandInput[] = [];
    const [outcome] = await answered((input) => sent.push(input)).apply([await planned()]);
    expect(outcome).toEqual({ kind: 'applied' });
    expect(sent[0]?.TransactItems).toMatchObject([
      { Put: { TableName: 'orders', ConditionExpression: 'attribute_not_exists(#n0)' } },
      { Update: { TableName: 'audit', UpdateExpression: expect.stringContaining('if_not_exists') } },
    ]);
    expect(sent[0]?.ClientRequestToken).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    { codes: ['ValidationError', 'None'], gives: { kind: 'refused', reason: 'too large' } },
    { codes: ['None', 'ItemCollectionSizeLimitExceeded'], gives: { kind: 'refused', reason: 'too large' } },
  ])('canceled for $codes is refused', async ({ codes, gives }) => {
    const [outcome] = await answered(() => cancel(codes)).apply([await planned()]);
    expect(outcome).toEqual(gives);
  });

  it.each(['ConditionalCheckFailed', 'TransactionConflict'])(
    'canceled for %s is judged and tried anew',
    async (code) => {
      let calls = 0;
      const [outcome] = await answered(() => {
        calls += 1;
        if (calls === 1) cancel([code, 'None']);
      }).apply([await planned()]);
      expect([outcome, calls]).toEqual([{ kind: 'applied' }, 2]);
    },
  );

  it.each(['TransactionConflict', 'ThrottlingError'])('canceled for %s for good may pass later', async (code) => {
    const applied = answered(() => cancel([code, 'None'])).apply([await planned()]);
    await expect(applied).rejects.toMatchObject({ name: 'TransientStoreError' });
  });

  it('of a replica of a global table is refused where both sides would be written', async () => {
    const replica = answered(() => undefined, [{ RegionName: 'ap-southeast-1' }]);
    await expect(replica.apply([await planned()])).rejects.toMatchObject({
      name: 'StoreRefusedError',
      message: expect.stringContaining('set reconcile.repair to source-only'),
    });
  });

  async function planned() {
    const [wanted = ''] = await answered(() => undefined).digestsOf([columns]);
    return { ...change, columns, wanted };
  }
});

function cancel(codes: readonly string[]): never {
  throw Object.assign(new Error('Transaction cancelled'), {
    name: 'TransactionCanceledException',
    $fault: 'client',
    CancellationReasons: codes.map((Code) => ({ Code, ...(Code === 'None' ? {} : { Message: 'too large' }) })),
  });
}

/** A table that is empty, whose transactions a test answers. */
function answered(transact: (input: TransactWriteItemsCommandInput) => void, replicas: readonly object[] = []): Table {
  const client = new DynamoDBClient({
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  });
  const description = {
    KeySchema: [
      { AttributeName: 'customer', KeyType: 'HASH' },
      { AttributeName: 'number', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'customer', AttributeType: 'S' },
      { AttributeName: 'number', AttributeType: 'N' },
    ],
    Replicas: replicas,
  };
  client.middlewareStack.add(
    (_, { commandName }) =>
      async ({ request }) => {
        const { body } = request as { readonly body: string };
        if (commandName === 'TransactWriteItemsCommand') transact(JSON.parse(body));
        const output = commandName === 'DescribeTableCommand' ? { Table: description } : { Responses: {} };
        return { response: {}, output: { $metadata: {}, ...output } as never };
      },
    { step: 'build' },
  );
  const entity = { ...SAMPLE_ENTITY, table: 'orders' };
  return createDynamoDbTable({ entity, client, auditTable: 'audit', region: 'ap-northeast-1', repair: 'both-sides' });
}
