import { type RequestOptions, request } from 'node:http';
import type { HealthCheckConfig } from '../../../core/routing/health-check.ts';
import { BODY_TIMEOUT_MS, type ProbeObservation } from '../../../twin/route53/health/probe-verdict.ts';
import type { Timers } from '../real-time.ts';

/** How often each endpoint is looked at for all checkers together; on AWS some twenty of them ask, each every 10 s. */
const LOOK_EVERY_MS = 1_000;
const CONNECT_TIMEOUT_MS = 1_000;

/** Where a host name leads: the loopback address has no names of its own. */
export type Places = (host: string) => { readonly port: number } | undefined;

/** What Route 53's checkers see over real sockets. */
export interface CheckerEyes {
  /** The newest look at an endpoint; nothing was seen before the first. */
  seen(config: HealthCheckConfig): ProbeObservation;
  /** Begins to look at an endpoint and ends when its first look is over. */
  watch(config: HealthCheckConfig): Promise<void>;
}

/** Looks at every endpoint that is asked about, again and again. */
export function openCheckerEyes(places: Places, timers: Timers): CheckerEyes {
  const seen = new Map<string, ProbeObservation>();
  const keyOf = ({ FullyQualifiedDomainName: host, ResourcePath: path = '/' }: HealthCheckConfig): string =>
    `${host}${path}`;
  return {
    seen: (config) => seen.get(keyOf(config)) ?? {},
    watch: async (config) => {
      const key = keyOf(config);
      if (seen.has(key)) return;
      const look = async (): Promise<void> => void seen.set(key, await probe(config, places));
      await look();
      timers.every(LOOK_EVERY_MS, look, () => undefined);
    },
  };
}

/** One attempt, timed. Over plain HTTP whatever the check says: neither the Regions nor the emulator have certificates. */
function probe(
  { FullyQualifiedDomainName: host = '', ResourcePath: path = '/' }: HealthCheckConfig,
  places: Places,
): Promise<ProbeObservation> {
  const place = places(host);
  if (place === undefined) return Promise.resolve({ fault: 'DNS resolution failed' });
  const options: RequestOptions = {
    host: '127.0.0.1',
    port: place.port,
    path,
    headers: { host },
    agent: false,
    timeout: CONNECT_TIMEOUT_MS,
  };
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const asked = request(options, (response) => {
      const responseMs = performance.now() - startedAt;
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      const done = (): void =>
        resolve({
          connectMs: 0,
          responseMs,
          statusCode: response.statusCode ?? 0,
          bodyMs: Math.min(BODY_TIMEOUT_MS, performance.now() - startedAt - responseMs),
          body,
        });
      response.on('end', done);
      response.on('error', done);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve({}));
    asked.end();
  });
}
