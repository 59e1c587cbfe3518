/** Protocol, host and port of an endpoint. */
export const URL_OR_HOST = /^((https?):\/\/)?([a-z0-9_.-]+)(:(\d{1,5}))?\/?$/;
/** The form of an IPv4 address. */
export const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;
const LOAD_BALANCER = /\.elb\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/;

/** A Region's front door as a config has it once endpoint-field.ts has judged it. */
export type EndpointInput = string | { readonly loadBalancer: string; readonly hostedZoneId: string };

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
