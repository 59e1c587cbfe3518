import {
  type AttributeValue,
  DynamoDBClient,
  TransactionConflictException,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributeText } from '../../adapters/aws/dynamodb-table/attribute-text.ts';
import { createDynamoDbTable } from '../../adapters/aws/dynamodb-table/dynamodb-table.ts';
import { compareRange } from '../../core/reconcile/compare-range.ts';
import type { Difference } from '../../core/reconcile/difference.ts';
import type { Entity, Sides } from '../../core/reconcile/entity.ts';
import { type Table, WHOLE_TABLE } from '../../core/reconcile/table.ts';
import {
  createSampleTables,
  type LocalDynamoDb,
  putItem,
  readAudit,
  sampleItem,
  sampleTable,
  startDynamoDb,
} from '../_helpers/dynamodb-sample.ts';
import { CUT, localRun, planRequest, REGIONS, reconcile } from '../_helpers/reconcile-tables.ts';
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

describe('a table that is one range', () => {
  it('is found to differ in every row that does, however it is cut', async () => {
    const { entities, tables } = await twoSides('whole');
    for (let at = 0; at < 60; at += 1) {
      await putItem(server.client, entities.source.table, sampleItem(row(`c-${at}`, 'new', 2)));
    }
    // Read once and kept, and without that.
    for (const isKept of [true, false]) {
      const of = ({ comparing, ...table }: Table): Table => ({
        ...table,
        ...(isKept && comparing ? { comparing } : {}),
      });
      const one = { source: of(tables.source), target: of(tables.target) };
      for (const leafRows of [4, 16]) {
        const found: Difference[] = [];
        const limits = { leafRows, mostLeafRows: 16, factor: 32 };
        const work = { entity: SAMPLE_ENTITY, range: WHOLE_TABLE, order: 'native', cutEpochMs: CUT, limits } as const;
        const sink = async (some: readonly Difference[]): Promise<void> => void found.push(...some);
        await compareRange({ ...work, regions: REGIONS, repair: 'both-sides' }, one, sink);
        expect([isKept, leafRows, found.length]).toEqual([isKept, leafRows, 60]);
      }
    }
  });
});

describe('a segment that differs', () => {
  it('is scanned once on each side, however closely it is looked at', async () => {
    const { entities, tables } = await twoSides('once');
    for (let at = 0; at < 120; at += 1) {
      await putItem(server.client, entities.source.table, sampleItem(row(`c-${at}`, 'x', -5)));
      const other = at % 10 === 0 ? row(`c-${at}`, 'y', -4) : row(`c-${at}`, 'x', -5);
      await putItem(server.client, entities.target.table, sampleItem(other));
    }
    const scans: string[] = [];
    const watched = watching(server.client, ({ TableName = '', Segment }) => {
      if (Segment !== undefined) scans.push(TableName);
    });
    const one = {
      source: sampleTable(watched, entities.source, 'once-audit-source'),
      target: sampleTable(watched, entities.target, 'once-audit-target'),
    };
    const found: Difference[] = [];
    const limits = { leafRows: 2, mostLeafRows: 8, factor: 32 };
    const work = { entity: SAMPLE_ENTITY, range: WHOLE_TABLE, order: 'native', cutEpochMs: CUT, limits } as const;
    const compare = () =>
      compareRange({ ...work, regions: REGIONS, repair: 'both-sides' }, one, async (some) => void found.push(...some));
    await compare();
    expect(found).toHaveLength(12);
    expect(scans.toSorted()).toEqual([entities.source.table, entities.target.table]);
    // Another comparison looks anew.
    await putItem(server.client, entities.target.table, sampleItem(row('c-1', 'z', 1)));
    await compare();
    expect(found).toHaveLength(12 + 13);
    expect(await tables.source.digests([WHOLE_TABLE], 'native')).toHaveLength(1);
  });
});

describe('an item that others write at every moment', () => {
  it('is left alone, and keeps no other one from being repaired', async () => {
    const { entities } = await twoSides('hot');
    const busy = watching(server.client, ({ Item: item }) => {
      if (item?.['customer']?.S === 'hot') {
        throw new TransactionConflictException({ message: 'in use', $metadata: {} });
      }
    });
    const table = sampleTable(busy, entities.target, 'hot-audit-target');
    const contents = ['hot', 'cold'].map((customer) =>
      Object.fromEntries(
        Object.entries(sampleItem(row(customer, 'x', 1))).map(([name, of]) => [name, attributeText(of)]),
      ),
    );
    const digests = await table.digestsOf(contents);
    const changes = contents.map((columns, at) => {
      const key = [at === 0 ? 'hot' : 'cold', '1'];
      return { key, expected: null, columns, wanted: digests[at] ?? '', audit: [] };
    });
    expect(await table.apply(changes)).toEqual([
      { kind: 'refused', reason: expect.stringContaining('others wrote the item at each of 4 attempts') },
      { kind: 'applied' },
    ]);
  });
});

interface WatchedInput {
  readonly TableName?: string;
  readonly Segment?: number;
  readonly Item?: Readonly<Record<string, AttributeValue>>;
}

/** A client of the same server, each of whose calls is looked at before it is made. */
function watching(client: DynamoDBClient, look: (input: WatchedInput) => void): DynamoDBClient {
  const watched = new DynamoDBClient({
    region: 'ap-northeast-1',
    endpoint: async () => client.config.endpoint?.() as never,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  watched.middlewareStack.add(
    (next) => (args) => {
      look(args.input as WatchedInput);
      return next(args);
    },
    { step: 'initialize' },
  );
  return watched;
}

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

  it('canceled for TransactionConflict for good is refused, so that others are made', async () => {
    const [outcome] = await answered(() => cancel(['TransactionConflict', 'None'])).apply([await planned()]);
    expect(outcome).toEqual({ kind: 'refused', reason: expect.stringContaining('repair it later') });
  });

  it('canceled for ThrottlingError for good may pass later', async () => {
    const applied = answered(() => cancel(['ThrottlingError', 'None'])).apply([await planned()]);
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
