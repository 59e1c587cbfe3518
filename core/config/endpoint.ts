import * as z from 'zod';
import { dnsName } from './fields.ts';

const URL_OR_HOST = /^((https?):\/\/)?([a-z0-9_.-]+)(:(\d{1,5}))?\/?$/;
const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const LOAD_BALANCER = /\.elb\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/;

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
export type EndpointInput = z.output<typeof endpointSchema>;

/** What a Region's record points at. */
export type EndpointTarget =
  | { readonly kind: 'hostname'; readonly hostname: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'load-balancer'; readonly dnsName: string; readonly hostedZoneId: string };

/** An endpoint taken apart: where to probe, and what a record points at. */
export interface Endpoint {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly target: EndpointTarget;
}

/** Takes an endpoint apart. The input has passed the schema. */
export function parseEndpoint(input: EndpointInput): Endpoint {
  const text = typeof input === 'string' ? input : input.loadBalancer;
  const match = URL_OR_HOST.exec(text);
  const protocol = match?.[2] === 'http' ? 'http' : 'https';
  const host = match?.[3] ?? text;
  const port = match?.[5] === undefined ? (protocol === 'http' ? 80 : 443) : Number(match[5]);
  return { protocol, host, port, target: targetOf(host, input) };
}

/** The URL of a path on the endpoint; the port is left out where it is the protocol's own. */
export function endpointUrl(input: EndpointInput, path: string): string {
  const { protocol, host, port } = parseEndpoint(input);
  const usual = port === (protocol === 'http' ? 80 : 443);
  return `${protocol}://${host}${usual ? '' : `:${port}`}${path}`;
}

/** A path as a request carries it: with its query, written as in a URL. */
export function requestPath(path: string): string {
  const { pathname, search } = new URL(`https://host${path}`);
  return `${pathname}${search}`;
}

/** True for the DNS name of an Elastic Load Balancing load balancer. */
export function isLoadBalancerName(host: string): boolean {
  return LOAD_BALANCER.test(host);
}

function targetOf(host: string, input: EndpointInput): EndpointTarget {
  if (typeof input !== 'string') return { kind: 'load-balancer', dnsName: host, hostedZoneId: input.hostedZoneId };
  return IPV4.test(host) ? { kind: 'address', address: host } : { kind: 'hostname', hostname: host };
}

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
