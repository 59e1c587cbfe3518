import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, it, vi } from 'vitest';
import { dynamoDbClient } from '../../adapters/aws/clients.ts';
import { createTableClock } from '../../adapters/aws/table-clock.ts';
import { withLoopbackHttp } from '../_helpers/loopback-http.ts';

/** A minute, so that the time which the test takes is nothing beside it. */
const BEHIND_MS = 60_000;

afterEach(() => vi.unstubAllEnvs());

it('a clock is set by the Date header of a real answer over a real socket', () =>
  withLoopbackHttp(
    (_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
    },
    async ({ url }) => {
      vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
      vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
      vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', url);
      const counted: string[] = [];
      const local = { nowEpochMs: () => Date.now() - BEHIND_MS, sleep: async () => undefined };
      const clock = createTableClock(local, { count: (counter) => void counted.push(counter) });
      const client = dynamoDbClient('ap-northeast-1', clock.setBy());
      await client.send(new GetCommand({ TableName: 'table', Key: { item: 'state' } }));
      expect(Math.abs(clock.nowEpochMs() - Date.now())).toBeLessThanOrEqual(2_000);
      expect(counted).toHaveLength(1);
      client.destroy();
    },
  ));
