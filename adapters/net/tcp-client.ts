import { connect } from 'node:net';
import type { TcpClient } from '../../core/ports.ts';
import { reasonOf, within } from '../within.ts';

/**
 * Codes of Node that tell of this side: no descriptor, no memory, no port, no right or no way to send anything. They say
 * nothing about the peer.
 *
 * @see https://nodejs.org/api/errors.html#common-system-errors
 */
const OURS: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'EAI_AGAIN',
]);

/** TCP by the platform's sockets: one attempt, closed as soon as it is accepted. */
export function createTcpClient(): TcpClient {
  return {
    connect: async ({ host, port, timeoutMs }) => {
      try {
        await within(timeoutMs, (signal) => opened(host, port, signal));
        return { answered: true, accepted: true, reason: '' };
      } catch (error) {
        const reason = reasonOf(error);
        return isOurs(error) ? { answered: false, reason } : { answered: true, accepted: false, reason };
      }
    },
  };
}

function opened(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', (error) => {
      socket.destroy();
      reject(error);
    });
  });
}

function isOurs(error: unknown): boolean {
  return OURS.has((error as { code?: string }).code ?? '');
}
