/** An address as its bytes: 4 of them for IPv4, 16 for IPv6. */
export type IpAddress = readonly number[];

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const IPV6_GROUPS = 8;

/** Reads a dotted-decimal IPv4 address or an IPv6 address (RFC 4291, with `::` and a dotted tail); else nothing. */
export function parseIpAddress(text: string): IpAddress | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** True for an IPv4 address, false for an IPv6 one. */
export function isIpv4(address: IpAddress): boolean {
  return address.length === 4;
}

/** A block of addresses: the leading `prefixLength` bits of `address`, the others cleared. */
export interface Cidr {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** Reads `address/length`, or an address alone, which stands for just itself. Bits past the prefix are cleared. */
export function parseCidr(text: string): Cidr | undefined {
  const [before = '', length, ...rest] = text.split('/');
  const address = parseIpAddress(before);
  if (address === undefined || rest.length > 0) return undefined;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const bits = address.length * 8;
  const prefixLength = length === undefined ? bits : Number(length);
  return prefixLength > bits ? undefined : { address: maskAddress(address, prefixLength), prefixLength };
}

/** True where every address of `inner` lies in `outer`. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  if (outer.address.length !== inner.address.length || outer.prefixLength > inner.prefixLength) return false;
  return maskAddress(inner.address, outer.prefixLength).every((byte, index) => byte === outer.address[index]);
}

/** One spelling per block, e.g. `192.0.2.0/24` or `20010db8…/32`; for telling blocks apart, not for people. */
export function cidrKey({ address, prefixLength }: Cidr): string {
  return `${address.join('.')}/${prefixLength}`;
}

function maskAddress(address: IpAddress, prefixLength: number): IpAddress {
  return address.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
    return byte & (0xff00 >> bits);
  });
}

function parseIpv4(text: string): IpAddress | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet))) return undefined;
  const bytes = octets.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  if (tail === undefined) return head.length === IPV6_GROUPS * 2 ? head : undefined;
  const missing = IPV6_GROUPS * 2 - head.length - tail.length;
  return missing < 2 ? undefined : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** The bytes of colon-separated groups; the very last of an address may be an IPv4 address. */
function parseGroups(text: string, endsAddress: boolean): IpAddress | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const dotted = endsAddress && index === groups.length - 1 ? parseIpv4(group) : undefined;
    if (dotted !== undefined) bytes.push(...dotted);
    else if (GROUP.test(group)) bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff);
    else return undefined;
  }
  return bytes;
}
