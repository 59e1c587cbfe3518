import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on the loopback interface for as long as a test needs it. */
export interface LoopbackServer {
  readonly url: string;
  readonly requests: readonly string[];
  /** Resolves when that many requests have come. */
  received(count: number): Promise<void>;
}

/** Runs something beside a server that answers as it is told; one that is told nothing accepts and never answers. */
export async function withLoopbackHttp<T>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  run: (server: LoopbackServer) => Promise<T>,
): Promise<T> {
  const requests: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await run({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      requests,
      received: (count) =>
        new Promise((resolve) => (requests.length >= count ? resolve() : void waiting.push({ count, resolve }))),
    });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A port of the loopback interface that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
