import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeepHealth, HealthAnswer } from './deep-health.ts';

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const;
const READING = ['GET', 'HEAD'] as const;
const NOT_READING: HealthAnswer = {
  status: 405,
  body: JSON.stringify({ error: `only ${READING.join(' and ')} are answered here` }),
};

/** Serves the document by `http.createServer`, or as the part of a server that knows what else it serves. */
export function healthListener(health: DeepHealth): (request: IncomingMessage, response: ServerResponse) => void {
  return ({ method = 'GET', url = '/' }, response) => {
    void answerTo(health, { method, url }).then(({ status, body }) => {
      response.writeHead(status, HEADERS).end(method === 'HEAD' ? undefined : body);
    });
  };
}

/** Serves the document where requests and responses are those of `fetch`. */
export function healthFetchHandler(health: DeepHealth): (request: Request) => Promise<Response> {
  return async ({ method, url }) => {
    const { status, body } = await answerTo(health, { method, url });
    return new Response(method === 'HEAD' ? null : body, { status, headers: HEADERS });
  };
}

async function answerTo(health: DeepHealth, { method, url }: { method: string; url: string }): Promise<HealthAnswer> {
  if (!(READING as readonly string[]).includes(method)) return NOT_READING;
  // The base stands in where a server gives the path alone.
  return health.answer(URL.parse(url, 'http://localhost')?.pathname ?? '');
}
