import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { dynamoDbClient } from '../../adapters/aws/clients.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';

interface Server {
  listen(port: number, host: string, ready: () => void): void;
  close(done: () => void): void;
  closeAllConnections(): void;
  address(): AddressInfo;
}

const createServer: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)('dynalite');

/**
 * Runs something with an empty coordination table behind DynamoDB's API, served in this process on the loopback
 * interface: every client made meanwhile calls it.
 */
export async function withDynalite(config: ResolvedConfig, run: () => Promise<void>): Promise<void> {
  const server = createServer({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${server.address().port}`;
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test';
  try {
    await createCoordinationTable(config);
    await run();
  } finally {
    delete process.env['AWS_ENDPOINT_URL_DYNAMODB'];
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(resolve));
  }
}

async function createCoordinationTable(config: ResolvedConfig): Promise<void> {
  const client = dynamoDbClient('ap-northeast-1');
  await client.send(
    new CreateTableCommand({
      TableName: names.coordinationTable(config),
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'application', AttributeType: 'S' },
        { AttributeName: 'item', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'application', KeyType: 'HASH' },
        { AttributeName: 'item', KeyType: 'RANGE' },
      ],
    }),
  );
  client.destroy();
}
