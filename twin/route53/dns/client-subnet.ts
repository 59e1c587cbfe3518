import type { Answer, Packet } from 'dns-packet';
import { type Cidr, parseCidr } from '../../../core/routing/ip-address.ts';

/** The EDNS option code of a client subnet (RFC 7871). */
export const CLIENT_SUBNET = 8;

/** The client subnet of a query, as it was sent and as a block of addresses. */
export interface ClientSubnet {
  readonly family: number;
  readonly sourcePrefixLength: number;
  readonly ip: string;
  readonly cidr: Cidr;
}

/** The subnet that the query passes on, nothing where it has none, `malformed` where it breaks RFC 7871 §6. */
export function readClientSubnet(query: Packet): ClientSubnet | 'malformed' | undefined {
  const option = optionsOf(query).find(({ code }) => code === CLIENT_SUBNET);
  if (option === undefined) return undefined;
  const { family, sourcePrefixLength, scopePrefixLength, ip } = option;
  if (ip === undefined || sourcePrefixLength === undefined || (family !== 1 && family !== 2)) return 'malformed';
  const cidr = parseCidr(`${ip}/${sourcePrefixLength}`);
  if (cidr === undefined || scopePrefixLength !== 0) return 'malformed';
  return { family, sourcePrefixLength, ip, cidr };
}

interface SubnetOption {
  readonly code: number;
  readonly family?: number;
  readonly sourcePrefixLength?: number;
  readonly scopePrefixLength?: number;
  readonly ip?: string;
}

/** The pseudo-records of EDNS in a query; there may be one at most. */
export function optRecords(query: Packet): readonly Extract<Answer, { type: 'OPT' }>[] {
  return (query.additionals ?? []).filter((record) => record.type === 'OPT');
}

function optionsOf(query: Packet): readonly SubnetOption[] {
  return optRecords(query).flatMap(({ options }) => options as readonly SubnetOption[]);
}
