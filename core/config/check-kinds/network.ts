import * as z from 'zod';
import { IPV4 } from '../endpoint.ts';
import { dnsName, ipv4 } from '../fields.ts';
import { regional } from '../regional-field.ts';
import { commonFields } from './common-fields.ts';

const MOST_PORTS = 65_535;
const port = z.int().min(1).max(MOST_PORTS);

/** What a URL would read otherwise (`010.0.0.1`, `shop.123`) is no host for an observer either. */
function isRead(host: string): boolean {
  return URL.canParse(`https://${host}`) && new URL(`https://${host}`).hostname === host;
}

const hostName = z.string().refine((text) => isRead(text) && (IPV4.test(text) || dnsName.safeParse(text).success), {
  error:
    'does not name a host; allowed: a DNS name in lower case or an IPv4 address, with "{region}" where they differ',
});
const serverName = z.string().refine((text) => isRead(text) && dnsName.safeParse(text).success && !IPV4.test(text), {
  error: 'is no name of a server; allowed: a DNS name, since no certificate can be asked for by an address',
});

/** Opens a connection. */
export const tcpCheck = z
  .strictObject({
    kind: z.literal('tcp'),
    ...commonFields,
    host: regional(hostName).optional().describe("Host to connect to; the endpoint's where not given."),
    port: port.optional().describe("Port to connect to; the endpoint's where not given."),
  })
  .describe('Whether a TCP connection is accepted.');

/** Looks at the certificate that is served. */
export const tlsExpiryCheck = z
  .strictObject({
    kind: z.literal('tls-expiry'),
    ...commonFields,
    host: regional(hostName).optional().describe("Host to connect to; the endpoint's where not given."),
    port: port.optional().describe('Port to connect to; that of an HTTPS endpoint, else 443, where not given.'),
    serverName: regional(serverName)
      .optional()
      .describe('Name whose certificate is asked for; the host where not given, the record where that is an address.'),
    minimumDays: z.int().min(1).max(3650).describe('Fails while the certificate is valid for fewer days.'),
  })
  .describe('For how many days the certificate that is served stays valid.');

/** Record types whose values are plain text. */
export const RESOLVED_TYPES = ['A', 'AAAA', 'CNAME', 'NS', 'TXT'] as const;
export type ResolvedType = (typeof RESOLVED_TYPES)[number];

const resolver = z.string().refine((text) => ipv4.safeParse(text.replace(/:([1-9]\d{0,4})$/, '')).success, {
  error: 'is no resolver; allowed: an IPv4 address with or without a port, such as "192.0.2.53:53"',
});

/** Resolves a name. */
export const dnsCheck = z
  .strictObject({
    kind: z.literal('dns'),
    ...commonFields,
    name: regional(dnsName).describe('Name to resolve.'),
    type: z.enum(RESOLVED_TYPES).describe('Type of its records.'),
    expected: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('The only values that may be answered; any where not given. `{region}` is filled in.'),
    resolver: regional(resolver).optional().describe("Resolver to ask; the system's where not given."),
  })
  .describe('Whether a name resolves, and to nothing but what is expected.');
