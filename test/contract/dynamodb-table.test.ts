import { afterAll, beforeAll } from 'vitest';
import {
  createSampleTables,
  type LocalDynamoDb,
  sampleTableUnderTest,
  startDynamoDb,
} from '../_helpers/dynamodb-sample.ts';
import { tableContract } from '../_helpers/table-contract.ts';

let server: LocalDynamoDb;
let tables = 0;

beforeAll(async () => {
  server = await startDynamoDb();
});

afterAll(() => server.close());

tableContract(
  'in DynamoDB',
  async (use) => {
    const side = async () => {
      tables += 1;
      const entity = await createSampleTables(server.client, String(tables));
      return sampleTableUnderTest(server, { entity, auditTable: `audit-${tables}` });
    };
    await use(await side(), await side());
  },
  { knownColumns: ['customer', 'number'] },
);
