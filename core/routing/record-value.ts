import { parseName } from './dns-name.ts';
import { parseIpAddress } from './ip-address.ts';
import type { RecordType } from './record-set.ts';
import { MAX_CHARACTER_STRING_LENGTH, MAX_VALUE_LENGTH } from './route53-limits.ts';

/** What is wrong with one field of a value, or nothing. */
type FieldCheck = (field: string) => string | undefined;

/** How the value of a record type is written: the form to show, and a check per field. */
interface Syntax {
  readonly form: string;
  readonly fields: readonly FieldCheck[];
  /** Further fields of the same kind as the last one: none by default. */
  readonly repeatsLast?: boolean;
}

const MAX_UINT8 = 255;
const MAX_UINT16 = 65_535;
const MAX_UINT32 = 4_294_967_295;
// A quoted string, or plain text with a quoted tail (`alpn="h2,h3"`).
const FIELD = /"(?:[^"\\]|\\.)*"|[^\s"]+(?:"(?:[^"\\]|\\.)*")?/g;

const uint =
  (max: number): FieldCheck =>
  (field) =>
    /^\d{1,10}$/.test(field) && Number(field) <= max ? undefined : `${field} is no integer from 0 to ${max}`;
const hex: FieldCheck = (field) => (/^(?:[0-9a-f]{2})+$/i.test(field) ? undefined : `${field} is not hexadecimal`);
const host: FieldCheck = (field) => parseName(field).fault;
const nonRootHost: FieldCheck = (field) => (field === '.' ? 'the name is empty' : host(field));
const tag: FieldCheck = (field) =>
  /^[a-z0-9]+$/i.test(field) ? undefined : `${field} is no tag of letters and digits`;
const parameter: FieldCheck = (field) =>
  /^[a-z0-9-]+(?:=.*)?$/i.test(field) ? undefined : `${field} is no service parameter`;

/** Source: Route 53 Developer Guide, ResourceRecordTypes; for TLSA, SSHFP, SVCB and HTTPS their RFCs (6698, 4255, 9460). */
const SYNTAX: Readonly<Record<RecordType, Syntax>> = {
  A: { form: 'an IPv4 address', fields: [ipv4] },
  AAAA: { form: 'an IPv6 address', fields: [ipv6] },
  CAA: { form: 'flags tag "value"', fields: [uint(MAX_UINT8), tag, quoted] },
  CNAME: { form: 'a domain name', fields: [nonRootHost] },
  DS: {
    form: 'key-tag algorithm digest-type digest',
    fields: [uint(MAX_UINT16), uint(MAX_UINT8), uint(MAX_UINT8), hex],
  },
  HTTPS: { form: 'priority target [parameters]', fields: [uint(MAX_UINT16), host, parameter], repeatsLast: true },
  MX: { form: 'priority mail-server', fields: [uint(MAX_UINT16), host] },
  NAPTR: {
    form: 'order preference "flags" "service" "regexp" replacement',
    fields: [uint(MAX_UINT16), uint(MAX_UINT16), quoted, quoted, quoted, host],
  },
  NS: { form: 'a domain name', fields: [nonRootHost] },
  PTR: { form: 'a domain name', fields: [nonRootHost] },
  SOA: {
    form: 'name-server e-mail serial refresh retry expire minimum',
    fields: [nonRootHost, nonRootHost, ...new Array<FieldCheck>(5).fill(uint(MAX_UINT32))],
  },
  SPF: { form: 'one or more quoted strings', fields: [quoted], repeatsLast: true },
  SRV: { form: 'priority weight port host', fields: [uint(MAX_UINT16), uint(MAX_UINT16), uint(MAX_UINT16), host] },
  SSHFP: { form: 'algorithm type fingerprint', fields: [uint(MAX_UINT8), uint(MAX_UINT8), hex] },
  SVCB: { form: 'priority target [parameters]', fields: [uint(MAX_UINT16), host, parameter], repeatsLast: true },
  TLSA: {
    form: 'usage selector matching-type data',
    fields: [uint(MAX_UINT8), uint(MAX_UINT8), uint(MAX_UINT8), hex],
  },
  TXT: { form: 'one or more quoted strings', fields: [quoted], repeatsLast: true },
};

/** What a value of the type looks like, for people. */
export function valueForm(type: RecordType): string {
  return SYNTAX[type].form;
}

/** The space-separated fields of a value; a quoted field keeps its quotes. */
export function valueFields(value: string): readonly string[] {
  return value.match(FIELD) ?? [];
}

/** What is wrong with the syntax of a value, or nothing. */
export function valueFault(type: RecordType, value: string): string | undefined {
  if (value.length > MAX_VALUE_LENGTH) return `the value has ${value.length} characters`;
  const { form, fields: checks, repeatsLast = false } = SYNTAX[type];
  const fields = valueFields(value);
  // What the fields leave over is an unfinished quotation.
  if (value.replace(FIELD, '').trim() !== '') return 'a quotation mark is missing';
  const optional = repeatsLast && checks.length > 1 ? 1 : 0;
  const enough = fields.length >= checks.length - optional;
  if (!enough || (!repeatsLast && fields.length > checks.length)) return `the value is not of the form ${form}`;
  for (const [index, field] of fields.entries()) {
    const fault = (checks[index] ?? checks.at(-1))?.(field);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function ipv4(field: string): string | undefined {
  return field.includes('.') && !field.includes(':') && parseIpAddress(field) ? undefined : 'it is no IPv4 address';
}

function ipv6(field: string): string | undefined {
  return field.includes(':') && parseIpAddress(field) ? undefined : 'it is no IPv6 address';
}

function quoted(field: string): string | undefined {
  if (!/^".*"$/s.test(field)) return 'a string must be enclosed in quotation marks';
  const text = field.slice(1, -1);
  // Printable ASCII and space; everything else needs an escape code (ResourceRecordTypes, TXTformat-special-characters).
  if (/[^ -~]/.test(text)) return 'a character must be written as an octal escape code';
  const length = text.replace(/\\(?:[0-3][0-7]{2}|.)/g, '.').length;
  return length > MAX_CHARACTER_STRING_LENGTH ? `a string has ${length} characters` : undefined;
}
