import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A front door on a port of its own, which can be shut and opened again. */
export interface Door {
  open(): Promise<void>;
  /** Hangs up on everybody; nobody is answered any more. */
  shut(): Promise<void>;
}

/** A door that is shut. */
export function createDoor(
  port: number,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Door {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  return {
    open: async () => {
      server = createServer((request, response) => void answer(request, response)).listen(port, '127.0.0.1');
      server.on('connection', (socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      });
      await once(server, 'listening');
    },
    shut: async () => {
      if (server === undefined) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      server = undefined;
      await closed;
    },
  };
}
