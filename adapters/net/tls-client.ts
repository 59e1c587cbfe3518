import { connect, type PeerCertificate } from 'node:tls';
import type { TlsClient } from '../../core/ports.ts';
import { reasonOf, within } from '../within.ts';

/** Certificates by the platform's TLS: one handshake, closed as soon as the certificate is seen. */
export function createTlsClient(): TlsClient {
  return {
    certificate: async ({ host, port, serverName, timeoutMs }) => {
      try {
        const { valid_to } = await within(timeoutMs, (signal) => shown({ host, port, serverName, signal }));
        const validToEpochMs = Date.parse(valid_to);
        if (Number.isNaN(validToEpochMs)) return { answered: false, reason: 'no certificate was shown' };
        return { answered: true, validToEpochMs };
      } catch (error) {
        return { answered: false, reason: reasonOf(error) };
      }
    },
  };
}

interface Handshake {
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  readonly signal: AbortSignal;
}

function shown({ host, port, serverName, signal }: Handshake): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    // Nothing is sent over the connection, and a certificate that has run out or that a private authority signed is to be seen.
    const socket = connect({ host, port, servername: serverName, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', (error) => {
      socket.destroy();
      reject(error);
    });
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  });
}
