import type { Answer } from 'dns-packet';
import { canonicalName } from '../../../core/routing/dns-name.ts';
import type { RecordType } from '../../../core/routing/record-set.ts';
import { valueFields } from '../../../core/routing/record-value.ts';

/** One record for the wire. */
export interface WireSource {
  readonly name: string;
  readonly type: RecordType;
  readonly ttl: number;
  readonly value: string;
}

/** Types whose values are not written to the wire: the server answers `NOTIMP` where it would have to. */
export const UNWRITTEN_TYPES: readonly RecordType[] = ['SVCB', 'HTTPS'];

/** The SPF type's number; the packet library knows its name but not its form, which is that of TXT (RFC 4408). */
const SPF = 'UNKNOWN_99';

/** The packet library's form of a record whose value the zone writes as text. */
export function toWireRecord({ name, type, ttl, value }: WireSource): Answer {
  const [one = '', two = '', three = '', ...more] = valueFields(value);
  const base = { name: wireName(name), ttl, class: 'IN' } as const;
  switch (type) {
    case 'A':
    case 'AAAA':
      return { ...base, type, data: one };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { ...base, type, data: wireName(one) };
    case 'MX':
      return { ...base, type, data: { preference: Number(one), exchange: wireName(two) } };
    case 'SRV':
      return {
        ...base,
        type,
        data: { priority: Number(one), weight: Number(two), port: Number(three), target: wireName(more[0] ?? '') },
      };
    case 'SOA':
      return { ...base, type, data: soaData(value) };
    case 'TXT':
      return { ...base, type, data: valueFields(value).map(unquote) };
    case 'SPF':
      return unknownRecord(base, valueFields(value).map(unquote));
    case 'CAA':
      return {
        ...base,
        type,
        data: { flags: Number(one), tag: two as 'issue', value: unquote(three).toString('latin1') },
      };
    default:
      return hexRecord(base, type, [one, two, three, ...more]);
  }
}

interface Base {
  readonly name: string;
  readonly ttl: number;
  readonly class: 'IN';
}

/** Types that are numbers followed by hexadecimal or quoted text. */
function hexRecord(base: Base, type: RecordType, fields: readonly string[]): Answer {
  const [one, two, three, four = ''] = fields;
  const numbers = [Number(one), Number(two), Number(three)] as const;
  switch (type) {
    case 'DS':
      return {
        ...base,
        type,
        data: { keyTag: numbers[0], algorithm: numbers[1], digestType: numbers[2], digest: Buffer.from(four, 'hex') },
      };
    case 'TLSA':
      return {
        ...base,
        type,
        data: {
          usage: numbers[0],
          selector: numbers[1],
          matchingType: numbers[2],
          certificate: Buffer.from(four, 'hex'),
        },
      };
    case 'SSHFP':
      return { ...base, type, data: { algorithm: numbers[0], hash: numbers[1], fingerprint: three ?? '' } };
    case 'NAPTR':
      return { ...base, type, data: naptrData(fields) };
    default:
      throw new TypeError(`records of type ${type} are not written to the wire`);
  }
}

function naptrData([order, preference, flags = '', services = '', regexp = '', replacement = '']: readonly string[]) {
  return {
    order: Number(order),
    preference: Number(preference),
    flags: unquote(flags).toString('latin1'),
    services: unquote(services).toString('latin1'),
    regexp: unquote(regexp).toString('latin1'),
    replacement: wireName(replacement),
  };
}

function soaData(value: string) {
  const [mname = '', rname = '', ...numbers] = valueFields(value);
  const [serial, refresh, retry, expire, minimum] = numbers.map(Number);
  return { mname: wireName(mname), rname: wireName(rname), serial, refresh, retry, expire, minimum };
}

function unknownRecord(base: Base, strings: readonly Buffer[]): Answer {
  const data = Buffer.concat(strings.flatMap((string) => [Buffer.from([string.length]), string]));
  // The library's types leave out the numbered types that the library itself writes.
  return { ...base, type: SPF as 'NULL', data };
}

/** A name as the packet library takes it: characters, not escape codes. Escaped dots cannot be written so. */
export function wireName(text: string): string {
  return text === '.' || text === ''
    ? '.'
    : canonicalName(text).replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** The bytes that a quoted string stands for. */
function unquote(field: string): Buffer {
  const text = field.replace(/^"|"$/g, '');
  return Buffer.from(
    text.replace(/\\([0-3][0-7]{2}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : code,
    ),
    'latin1',
  );
}
