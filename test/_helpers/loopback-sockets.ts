import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { SelfSigned } from './self-signed.ts';

/** Runs something beside a server that accepts connections and says nothing, and gives it the port. */
export function withLoopbackTcp<T>(run: (port: number) => Promise<T>): Promise<T> {
  return listening(createTcpServer(), run);
}

/** The same with a TLS server; the names that were asked for come with the port. */
export function withLoopbackTls<T>(
  certificate: SelfSigned,
  run: (port: number, names: readonly string[]) => Promise<T>,
): Promise<T> {
  const names: string[] = [];
  const server = createTlsServer({
    ...certificate,
    SNICallback: (name, answer) => {
      names.push(name);
      answer(null);
    },
  });
  return listening(server, (port) => run(port, names));
}

/** A process that listens, and takes nothing out of a queue that has room for one connection, or two. */
const DEAF = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
const MORE_THAN_IT_HOLDS = 4;

/** Runs something beside a server whose queue is full, so that the next connection is neither accepted nor refused. */
export async function withDeafTcp<T>(run: (port: number) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, ['-e', DEAF], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(printed.toString());
  const filling = Array.from({ length: MORE_THAN_IT_HOLDS }, () => connect({ host: '127.0.0.1', port }));
  try {
    await Promise.all(filling.slice(0, 2).map((socket) => once(socket, 'connect')));
    return await run(port);
  } finally {
    for (const socket of filling) socket.on('error', () => undefined).destroy();
    child.kill('SIGKILL');
  }
}

async function listening<T>(server: Server, run: (port: number) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await run((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}
