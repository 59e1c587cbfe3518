import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { dynamoDbClient } from '../../adapters/aws/clients.ts';

let primed: Promise<void> | undefined;

/**
 * Lets the SDK read its configuration files once, in real time. Later clients find what was read; under virtual time a
 * first read would settle at a moment that depends on the disk. Credentials are given, so that none are looked for.
 */
export function primeClients(): Promise<void> {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'rehearsal';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'rehearsal';
  primed ??= prime();
  return primed;
}

async function prime(): Promise<void> {
  const client = dynamoDbClient('us-east-1', {
    instrument: ({ middlewareStack }) => {
      const stack = middlewareStack as unknown as { addRelativeTo(middleware: unknown, options: unknown): void };
      const answer = () => async () => ({ response: {}, output: { TableNames: [], $metadata: {} } });
      stack.addRelativeTo(answer, { name: 'primer', relation: 'after', toMiddleware: 'retryMiddleware' });
    },
  });
  await client.send(new ListTablesCommand({}));
}
