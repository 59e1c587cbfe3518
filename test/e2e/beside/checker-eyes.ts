import { type RequestOptions, request } from 'node:http';
import type { HealthCheckConfig } from '../../../core/routing/health-check.ts';
import type { ProbeObservation } from '../../../twin/route53/health/probe-verdict.ts';
import type { Timers } from '../real-time.ts';

/** How often each endpoint is looked at for all checkers together; on AWS some twenty of them ask, each every 10 s. */
const LOOK_EVERY_MS = 1_000;
const CONNECT_TIMEOUT_MS = 1_000;
/** `names.bucketHost` of core/config/names.ts. */
const BUCKET_HOST = /^(.+)\.s3\.([a-z0-9-]+)\.amazonaws\.com$/;

/** What stands behind host names; the loopback address has no names of its own. */
export interface Places {
  /** Port of a Region's front door. */
  portOf(host: string): number | undefined;
  /** Reads an object as a checker may; undefined where there is none. */
  readObject(object: {
    readonly region: string;
    readonly bucket: string;
    readonly key: string;
  }): Promise<string | undefined>;
}

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

/**
 * One attempt. A guardian's bucket lets in the checkers of AWS by their addresses and nobody else, which the emulator holds to,
 * so an object is read through the API.
 */
async function probe(config: HealthCheckConfig, places: Places): Promise<ProbeObservation> {
  const { FullyQualifiedDomainName: host = '', ResourcePath: path = '/' } = config;
  const [, bucket, region] = BUCKET_HOST.exec(host) ?? [];
  if (bucket !== undefined && region !== undefined) {
    const body = await places.readObject({ region, bucket, key: path.slice(1) });
    return body === undefined ? answered(403, '') : answered(200, body);
  }
  const port = places.portOf(host);
  return port === undefined ? { fault: 'DNS resolution failed' } : knock({ host, port, path });
}

function answered(statusCode: number, body: string): ProbeObservation {
  return { connectMs: 0, responseMs: 0, statusCode, bodyMs: 0, body };
}

/** Over plain HTTP whatever the check says: the Regions have no certificates. */
function knock({ host, port, path }: { host: string; port: number; path: string }): Promise<ProbeObservation> {
  const options: RequestOptions = {
    host: '127.0.0.1',
    port,
    path,
    headers: { host },
    agent: false,
    timeout: CONNECT_TIMEOUT_MS,
  };
  return new Promise((resolve) => {
    const asked = request(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      const done = (): void => resolve(answered(response.statusCode ?? 0, body));
      response.on('end', done);
      response.on('error', done);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve({}));
    asked.end();
  });
}
