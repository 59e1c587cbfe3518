import { Resolver } from 'node:dns/promises';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestOutcome } from '../../../twin/world/load/population.ts';
import { ORDERS } from './region.ts';

/** Who asks, how often, and by which name servers. */
export interface LoadSettings {
  readonly clients: number;
  /** Each client asks once in so many milliseconds. */
  readonly everyMs: number;
  readonly record: string;
  readonly ttlSeconds: number;
  readonly dnsPort: number;
  /** Port of a host that the record leads to. */
  readonly portOf: (host: string) => number | undefined;
  /** The Region that a host belongs to. */
  readonly regionOf: (host: string) => string;
  readonly onRequest: (outcome: RequestOutcome) => void;
}

/** Share of requests that write. */
const WRITES = 0.2;
/** A client gives up on an answer after this. */
const TIMEOUT_MS = 1_500;

/** Clients that honour the TTL: each has its own cache, a real resolver client and real sockets. */
export function startLoad(settings: LoadSettings): { stop(): Promise<void> } {
  let stopped = false;
  const clients = Array.from({ length: settings.clients }, async (_, client) => {
    const resolve = createCache(settings);
    await sleep((client / settings.clients) * settings.everyMs);
    for (let number = 0; !stopped; number++) {
      const startedAt = Date.now();
      // Every client writes now and then, not all at once.
      const write = (number + client) % Math.round(1 / WRITES) === 0;
      settings.onRequest(await ask(settings, { client, write, host: await resolve() }));
      await sleep(Math.max(0, startedAt + settings.everyMs - Date.now()));
    }
  });
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(clients);
    },
  };
}

/** Asks again when the TTL is over; without an answer there is no host. */
function createCache({ record, ttlSeconds, dnsPort }: LoadSettings): () => Promise<string | undefined> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
  resolver.setServers([`127.0.0.1:${dnsPort}`]);
  let kept: { readonly host: string | undefined; readonly untilMs: number } | undefined;
  return async () => {
    if (kept !== undefined && Date.now() < kept.untilMs) return kept.host;
    const [host] = await resolver.resolveCname(record).catch(() => []);
    kept = { host, untilMs: Date.now() + ttlSeconds * 1000 };
    return host;
  };
}

async function ask(
  { portOf, regionOf }: LoadSettings,
  { client, write, host }: { readonly client: number; readonly write: boolean; readonly host: string | undefined },
): Promise<RequestOutcome> {
  const port = host === undefined ? undefined : portOf(host);
  const destination: Request['destination'] = host === undefined ? 'nowhere' : regionOf(host);
  const ok = port !== undefined && (await send(port, write ? 'POST' : 'GET'));
  return { atMs: Date.now(), client, destination, write, ok };
}

function send(port: number, method: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, method, path: ORDERS, agent: false, timeout: TIMEOUT_MS },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode === 200));
        response.on('error', () => resolve(false));
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
