import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { createTcpClient } from '../../../adapters/net/tcp-client.ts';

const { failure } = vi.hoisted(() => ({ failure: { code: '' } }));

vi.mock('node:net', () => ({
  connect: () => {
    const socket = Object.assign(new EventEmitter(), { destroy: () => undefined });
    queueMicrotask(() => socket.emit('error', Object.assign(new Error(`connect ${failure.code}`), failure)));
    return socket;
  },
}));

describe('a TCP connection that comes to nothing', () => {
  it.each([
    { code: 'EMFILE', says: 'nothing about the peer' },
    { code: 'EADDRNOTAVAIL', says: 'nothing about the peer' },
    { code: 'ECONNREFUSED', says: 'that the peer did not accept' },
    { code: 'EHOSTUNREACH', says: 'that the peer did not accept' },
    { code: 'ENETUNREACH', says: 'that the peer did not accept' },
  ])('with $code says $says', async ({ code, says }) => {
    failure.code = code;
    const reason = `connect ${code}`;
    expect(await createTcpClient().connect({ host: 'a.example', port: 80, timeoutMs: 1_000 })).toEqual(
      says === 'nothing about the peer' ? { answered: false, reason } : { answered: true, accepted: false, reason },
    );
  });
});
