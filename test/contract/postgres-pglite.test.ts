import { afterAll, beforeAll } from 'vitest';
import { type LocalPostgres, PGLITE_START_MS, startPglite } from '../_helpers/postgres-pglite.ts';
import { REFUSED, sampleTable } from '../_helpers/postgres-sample.ts';
import { tableContract, type WithTables } from '../_helpers/table-contract.ts';

let server: LocalPostgres;

beforeAll(async () => {
  server = await startPglite();
}, PGLITE_START_MS);
afterAll(() => server.close());

const withTables: WithTables = async (use) => {
  const one = await sampleTable(server, { schema: 'one', refuses: true });
  await use(one, await sampleTable(server, { schema: 'other' }));
};

tableContract('PostgreSQL in this process', withTables, { refusedRow: REFUSED });
