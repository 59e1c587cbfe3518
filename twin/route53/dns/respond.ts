import { type Answer, AUTHORITATIVE_ANSWER, type DecodedPacket, type Packet, RECURSION_DESIRED } from 'dns-packet';
import type { Cidr } from '../../../core/routing/ip-address.ts';
import type { RecordType } from '../../../core/routing/record-set.ts';
import type { Question } from '../answering/distribution.ts';
import type { DnsClient } from '../answering/dns-client.ts';
import type { AnsweredValue, DnsAnswer } from '../answering/sample.ts';
import type { ZoneEntry } from '../answering/zone-index.ts';
import { CLIENT_SUBNET, type ClientSubnet, optRecords, readClientSubnet } from './client-subnet.ts';
import { toWireRecord, UNWRITTEN_TYPES } from './wire-record.ts';

/** Where a DNS server has its answers from. */
export interface DnsSource {
  answer(question: Question, client: DnsClient): DnsAnswer;
  /** Who is in a block of addresses, and how long the prefix is that says so; nothing where that is unknown. */
  clientIn(cidr: Cidr): { readonly client: DnsClient; readonly prefixLength: number } | undefined;
  readonly unknownClient: DnsClient;
  /** The SOA for negative answers; without one they go without. */
  readonly soa: ZoneEntry | undefined;
  /**
   * The addresses of an alias target outside the zone. Left out, or where there are none, the server answers with a CNAME
   * to the target, since it cannot know what Route 53 would have put there.
   */
  addressesOf?(dnsName: string, type: RecordType): readonly string[];
}

/** Bytes of a UDP message that this server sends and takes at most: what passes without fragments (DNS flag day 2020). */
export const UDP_PAYLOAD_BYTES = 1_232;

/** Types that the packet library has only numbers for. */
const TYPE_NAMES: Readonly<Record<string, RecordType>> = { UNKNOWN_64: 'SVCB', UNKNOWN_65: 'HTTPS' };

const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
type Rcode = keyof typeof RCODE;
/** BADVERS is 16: its upper bits stand in the EDNS record (RFC 6891). */
const BADVERS_EXTENDED = 1;

interface Reply {
  readonly rcode: Rcode;
  readonly authoritative?: boolean;
  readonly answers?: readonly Answer[];
  readonly authorities?: readonly Answer[];
}

/**
 * The response to a query, nothing to a message that is no query. `sender` is the address that it came from, which stands
 * for the client where the query passes on no client subnet.
 */
export function respond(source: DnsSource, query: DecodedPacket, sender: Cidr): Packet | undefined {
  if (query.type === 'response') return undefined;
  const subnet = readClientSubnet(query);
  const [opt, ...moreOpts] = optRecords(query);
  if (moreOpts.length > 0 || subnet === 'malformed') return toPacket(query, { rcode: 'FORMERR' }, undefined);
  if (opt !== undefined && opt.ednsVersion > 0) return badVersion(query);
  const known = source.clientIn(subnet?.cidr ?? sender);
  const echo = subnet && { subnet, scopePrefixLength: known?.prefixLength ?? subnet.sourcePrefixLength };
  return toPacket(query, replyTo(source, query, known?.client ?? source.unknownClient), echo);
}

/** The response to a message that could not be read or answered; its id is that of the message. */
export function failureResponse(id: number, rcode: Extract<Rcode, 'FORMERR' | 'SERVFAIL'>): Packet {
  return { type: 'response', id, flags: RCODE[rcode], questions: [] };
}

function replyTo(source: DnsSource, query: DecodedPacket, client: DnsClient): Reply {
  if (opcodeOf(query) !== 0) return { rcode: 'NOTIMP' };
  const [question, ...others] = query.questions ?? [];
  if (question === undefined || others.length > 0) return { rcode: 'FORMERR' };
  if (question.class !== 'IN') return { rcode: 'REFUSED' };
  const asked: string = TYPE_NAMES[question.type] ?? question.type;
  // Route 53 transfers no zones, and this server does not gather all types of a name.
  if (asked === 'AXFR' || asked === 'IXFR') return { rcode: 'REFUSED' };
  if (asked === 'ANY') return { rcode: 'NOTIMP' };
  // A type that Route 53 does not have is looked for all the same, and not found.
  const type = asked as RecordType;
  return replyWith(source, type, source.answer({ name: escaped(question.name), type }, client));
}

function replyWith(source: DnsSource, type: RecordType, answer: DnsAnswer): Reply {
  if (answer.rcode === 'REFUSED') return { rcode: 'REFUSED' };
  if (answer.values.some((value) => UNWRITTEN_TYPES.includes(value.type))) return { rcode: 'NOTIMP' };
  const answers = [
    ...answer.cnames.map(({ owner, target, ttlSeconds: ttl }) =>
      toWireRecord({ name: owner, type: 'CNAME', ttl, value: target }),
    ),
    ...answer.values.flatMap((value) => toRecords(source, type, answer, value)),
  ];
  if (answer.delegation !== undefined) {
    return {
      rcode: 'NOERROR',
      authoritative: answers.length > 0,
      answers,
      authorities: answer.delegation.flatMap(toReferral),
    };
  }
  const negative = answer.values.length === 0 && source.soa !== undefined;
  const authorities = negative ? [toNegativeSoa(source.soa, answer.ttlSeconds)] : [];
  return { rcode: answer.rcode, authoritative: true, answers, authorities };
}

/** The type of a value is that of its record set: a CNAME may answer a question for an address. */
function toRecords(
  source: DnsSource,
  asked: RecordType,
  answer: DnsAnswer,
  answered: AnsweredValue,
): readonly Answer[] {
  const { owner: name } = answer;
  const { value, isAliasTarget, ttlSeconds: ttl } = answered;
  if (!isAliasTarget) return [toWireRecord({ name, type: answered.type, ttl, value })];
  const addresses = source.addressesOf?.(value, asked) ?? [];
  if (addresses.length === 0) return [toWireRecord({ name, type: 'CNAME', ttl, value })];
  return addresses.map((address) => toWireRecord({ name, type: asked, ttl, value: address }));
}

function toReferral({ name, values, recordSet }: ZoneEntry): readonly Answer[] {
  return values.map((value) => toWireRecord({ name, type: 'NS', ttl: recordSet.TTL ?? 0, value }));
}

/** The SOA of a negative answer says by its TTL how long the answer may be kept (RFC 2308 §5). */
function toNegativeSoa({ name, values }: ZoneEntry, ttl: number): Answer {
  return toWireRecord({ name, type: 'SOA', ttl, value: values[0] ?? '' });
}

interface SubnetEcho {
  readonly subnet: ClientSubnet;
  readonly scopePrefixLength: number;
}

function toPacket(query: DecodedPacket, reply: Reply, echo: SubnetEcho | undefined): Packet {
  const { rcode, authoritative = false, answers = [], authorities = [] } = reply;
  return {
    type: 'response',
    ...(query.id === undefined ? {} : { id: query.id }),
    flags:
      opcodeBits(query) |
      ((query.flags ?? 0) & RECURSION_DESIRED) |
      (authoritative ? AUTHORITATIVE_ANSWER : 0) |
      RCODE[rcode],
    questions: query.questions ?? [],
    answers: [...answers],
    authorities: [...authorities],
    additionals: optRecords(query).length === 0 ? [] : [optRecord(0, echo)],
  };
}

function badVersion(query: DecodedPacket): Packet {
  return { ...toPacket(query, { rcode: 'NOERROR' }, undefined), additionals: [optRecord(BADVERS_EXTENDED, undefined)] };
}

function optRecord(extendedRcode: number, echo: SubnetEcho | undefined): Answer {
  const options = echo === undefined ? [] : [subnetOption(echo)];
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: UDP_PAYLOAD_BYTES,
    extendedRcode,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options,
  };
}

function subnetOption({ subnet, scopePrefixLength }: SubnetEcho) {
  const { family, sourcePrefixLength, ip } = subnet;
  return { code: CLIENT_SUBNET, type: 'CLIENT_SUBNET', family, sourcePrefixLength, scopePrefixLength, ip } as const;
}

function opcodeBits({ flags = 0 }: DecodedPacket): number {
  return flags & 0x7800;
}

function opcodeOf(query: DecodedPacket): number {
  return opcodeBits(query) >> 11;
}

/** A name from the wire with the characters that need it as escape codes. */
function escaped(name: string): string {
  return name.replace(/[^!-~]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
