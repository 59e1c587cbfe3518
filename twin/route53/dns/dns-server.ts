import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type DecodedPacket, decode, encode, type Packet, TRUNCATED_RESPONSE } from 'dns-packet';
import { type Cidr, parseCidr } from '../../../core/routing/ip-address.ts';
import { optRecords } from './client-subnet.ts';
import { type DnsSource, failureResponse, respond, UDP_PAYLOAD_BYTES } from './respond.ts';

/** The only address that the server listens on. */
export const LOOPBACK = '127.0.0.1';

/** A DNS server at work, over UDP and TCP on one port of the loopback address. */
export interface DnsServer {
  readonly port: number;
  /** Stops listening and ends open connections; the port is free when the promise resolves. */
  close(): Promise<void>;
}

/** Bytes of a UDP response to a query without EDNS (RFC 1035 §4.2.1), and the shortest message with an id. */
const PLAIN_UDP_BYTES = 512;
const HEADER_BYTES = 12;
/** Milliseconds after which a TCP connection that says nothing is ended. */
const TCP_IDLE_MS = 10_000;
/** Ports tried where the one that UDP was given is taken for TCP. */
const PORT_ATTEMPTS = 20;

/**
 * Serves a source.
 *
 * @param port 0 for any free port
 * @throws the system's error where the port cannot be had
 */
export async function startDnsServer(source: DnsSource, port: number): Promise<DnsServer> {
  const { udp, tcp } = await listen(port);
  const connections = new Set<Socket>();
  udp.on('message', (message, from) => {
    const response = answerDatagram(source, message, from);
    if (response !== undefined) udp.send(response, from.port, from.address);
  });
  tcp.on('connection', (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    serveConnection(source, connection);
  });
  return {
    port: udp.address().port,
    close: async () => {
      for (const connection of connections) connection.destroy();
      const closed = [once(udp, 'close'), once(tcp, 'close')];
      udp.close();
      tcp.close();
      await Promise.all(closed);
    },
  };
}

interface Listeners {
  readonly udp: UdpSocket;
  readonly tcp: Server;
}

/** Binds both protocols to the same port; a free port for UDP may be taken for TCP, so a few are tried. */
async function listen(port: number): Promise<Listeners> {
  for (let attempt = 1; ; attempt += 1) {
    const udp = await bindUdp(port);
    try {
      return { udp, tcp: await bindTcp(udp.address().port) };
    } catch (error) {
      udp.close();
      if (port !== 0 || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function bindUdp(port: number): Promise<UdpSocket> {
  const udp = createSocket('udp4');
  udp.bind(port, LOOPBACK);
  await once(udp, 'listening');
  return udp;
}

async function bindTcp(port: number): Promise<Server> {
  const tcp = createServer();
  tcp.listen(port, LOOPBACK);
  await once(tcp, 'listening');
  return tcp;
}

function answerDatagram(source: DnsSource, message: Buffer, from: RemoteInfo): Buffer | undefined {
  const exchange = answerMessage(source, message, from.address);
  if (exchange === undefined) return undefined;
  const { query, response } = exchange;
  const asked = query === undefined ? undefined : optRecords(query)[0]?.udpPayloadSize;
  const limit = Math.min(UDP_PAYLOAD_BYTES, Math.max(PLAIN_UDP_BYTES, asked ?? PLAIN_UDP_BYTES));
  const whole = encode(response);
  return whole.length <= limit ? whole : encode(truncated(response));
}

/** Without its records and marked so, which makes the resolver ask again over TCP. */
function truncated(response: Packet): Packet {
  return { ...response, flags: (response.flags ?? 0) | TRUNCATED_RESPONSE, answers: [], authorities: [] };
}

function serveConnection(source: DnsSource, connection: Socket): void {
  let received: Buffer = Buffer.alloc(0);
  connection.setTimeout(TCP_IDLE_MS, () => connection.destroy());
  // A resolver that hangs up in the middle is its own affair.
  connection.on('error', () => connection.destroy());
  connection.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (let message = takeMessage(received); message !== undefined; message = takeMessage(received)) {
      received = received.subarray(message.length + 2);
      const exchange = answerMessage(source, message, connection.remoteAddress ?? LOOPBACK);
      if (exchange !== undefined) connection.write(framed(encode(exchange.response)));
    }
  });
}

/** The first whole message of a stream, each preceded by its length (RFC 1035 §4.2.2). */
function takeMessage(received: Buffer): Buffer | undefined {
  if (received.length < 2) return undefined;
  const end = received.readUInt16BE(0) + 2;
  return received.length < end ? undefined : received.subarray(2, end);
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

interface Exchange {
  /** Left out for a message that could not be read. */
  readonly query?: DecodedPacket;
  readonly response: Packet;
}

function answerMessage(source: DnsSource, message: Buffer, sender: string): Exchange | undefined {
  if (message.length < HEADER_BYTES) return undefined;
  const id = message.readUInt16BE(0);
  const query = tryDecode(message);
  if (query === undefined) return isQuery(message) ? { response: failureResponse(id, 'FORMERR') } : undefined;
  const response = respond(source, query, hostBlock(sender));
  return response && { query, response: writable(response) ? response : failureResponse(id, 'SERVFAIL') };
}

function tryDecode(message: Buffer): DecodedPacket | undefined {
  try {
    return decode(message);
  } catch {
    return undefined;
  }
}

/** The packet library refuses some values that a zone may hold, e.g. fingerprints of an unusual length. */
function writable(response: Packet): boolean {
  try {
    encode(response);
    return true;
  } catch {
    return false;
  }
}

function isQuery(message: Buffer): boolean {
  return (message.readUInt8(2) & 0x80) === 0;
}

function hostBlock(address: string): Cidr {
  return parseCidr(address) ?? { address: [0, 0, 0, 0], prefixLength: 32 };
}
