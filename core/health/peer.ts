import type { CheckOf } from '../config/check-field.ts';
import { IPV4, parseEndpoint } from '../config/endpoint.ts';
import { textFor } from '../config/regional.ts';
import type { RegionConfig } from '../config/types.ts';

const HTTPS_PORT = 443;

/** Where a check connects to in a Region: to its endpoint unless it says otherwise. */
export function tcpPeerOf(
  { host, port }: CheckOf<'tcp'>,
  { id, endpoint }: Pick<RegionConfig, 'id' | 'endpoint'>,
): { readonly host: string; readonly port: number } {
  const own = parseEndpoint(endpoint);
  return { host: host === undefined ? own.host : textFor(host, id), port: port ?? own.port };
}

/** Where a certificate is looked at, and the name that is asked for, since an address cannot be one. */
export function tlsPeerOf(
  { host, port, serverName }: CheckOf<'tls-expiry'>,
  { subject: { id, endpoint }, record }: { subject: Pick<RegionConfig, 'id' | 'endpoint'>; record: string },
): { readonly host: string; readonly port: number; readonly serverName: string } {
  const own = parseEndpoint(endpoint);
  const peer = host === undefined ? own.host : textFor(host, id);
  return {
    host: peer,
    port: port ?? (own.protocol === 'https' ? own.port : HTTPS_PORT),
    serverName: serverName === undefined ? (IPV4.test(peer) ? record : peer) : textFor(serverName, id),
  };
}
