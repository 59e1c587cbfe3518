import * as z from 'zod';
import { IPV4, URL_OR_HOST } from './endpoint.ts';
import { dnsName } from './fields.ts';

const MOST_PORTS = 65_535;

const address = z
  .string()
  .regex(URL_OR_HOST, {
    abort: true,
    error:
      'is not an endpoint; allowed: "https://host", "http://host:port", a host name, or an IPv4 address, lower case, without a path',
  })
  .refine(isHost, { abort: true, error: 'does not name a host; allowed: a DNS name or an IPv4 address' })
  .refine(hasPort, { error: `names a port that cannot be; allowed: 1 to ${MOST_PORTS}` });

/**
 * The front door of a Region: a URL without a path, a bare host, or a load balancer with the id of its hosted zone
 * (`CanonicalHostedZoneId`), which an alias record needs.
 */
export const endpointSchema = z.union([
  address,
  z.strictObject({
    loadBalancer: address.describe('DNS name of the load balancer.'),
    hostedZoneId: z
      .string()
      .regex(/^Z[A-Z0-9]{1,31}$/)
      .describe('Its CanonicalHostedZoneId.'),
  }),
]);

/** What a URL would read otherwise (`010.0.0.1`, `shop.123`) is no host for an observer either. */
function isHost(text: string): boolean {
  const host = URL_OR_HOST.exec(text)?.[3] ?? '';
  const url = `https://${host}`;
  return (IPV4.test(host) || dnsName.safeParse(host).success) && URL.canParse(url) && new URL(url).hostname === host;
}

function hasPort(text: string): boolean {
  const port = Number(URL_OR_HOST.exec(text)?.[5] ?? 1);
  return port >= 1 && port <= MOST_PORTS;
}
