import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode } from 'dns-packet';

/** Response codes of RFC 1035, section 4.1.1. */
const RCODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

/** What a name server knows. */
export interface DnsZone {
  readonly records: readonly Answer[];
  /** How it answers a name of which it knows nothing; `silent`: not at all. @default NXDOMAIN */
  readonly otherwise?: keyof typeof RCODES | 'silent';
}

/** Runs something beside a name server on the loopback interface, and gives it the port. */
export async function withLoopbackDns<T>(
  { records, otherwise = 'NXDOMAIN' }: DnsZone,
  run: (port: number) => Promise<T>,
): Promise<T> {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    const answers = records.filter(({ name, type }) => name === question?.name && type === question?.type);
    const isKnown = records.some(({ name }) => name === question?.name);
    if (!isKnown && otherwise === 'silent') return;
    const rcode = isKnown || otherwise === 'silent' ? RCODES.NOERROR : RCODES[otherwise];
    socket.send(encode({ type: 'response', id, flags: 0x8580 | rcode, questions, answers }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  try {
    return await run(socket.address().port);
  } finally {
    socket.close();
  }
}
