import type { Random } from '../../random.ts';
import type { WorldQueue } from '../../world-queue.ts';
import { CLIENT_PATIENCE } from '../latencies.ts';
import type { Habits } from './habits.ts';

/** How a client treats answers and connections. */
export type ClientKind = 'honours-ttl' | 'keeps-connection' | 'over-caches';

/** Shares of the population; assumed. */
export const POPULATION = {
  clients: 1_000,
  resolvers: 500,
  shares: { 'honours-ttl': 0.9, 'keeps-connection': 0.095, 'over-caches': 0.005 },
  /** Mean time between two requests of a client that is well, ms. */
  meanGapMs: 5_000,
  writeShare: 0.1,
  connectionLivesMs: { from: 60_000, to: 300_000 },
  overCachesMs: 600_000,
  source: 'assumed; connections live 1 to 5 min',
} as const;

/** Where a client's requests go: a Region, the last resort, or nowhere (no answer). */
export type Destination = string;

/** What became of a request. */
export interface RequestOutcome {
  /** When its outcome was known, epoch ms. */
  readonly atMs: number;
  readonly client: number;
  readonly destination: Destination;
  readonly write: boolean;
  readonly ok: boolean;
}

/** A request on its way. */
export interface Request {
  readonly destination: Destination;
  readonly write: boolean;
  readonly newConnection: boolean;
  readonly atMs: number;
  /** The client's last one of its kind failed, and this is the same again. */
  readonly repeats: boolean;
}

/** How it was served, and after how long that was known. */
export interface Served {
  readonly ok: boolean;
  readonly afterMs: number;
}

/** What the population is set in motion with. */
export interface PopulationSettings {
  readonly queue: WorldQueue;
  readonly random: Random;
  readonly startMs: number;
  /** Asks a resolver, which answers from its cache while it may. */
  readonly resolve: (resolver: number, atMs: number) => Destination;
  /** Serves a request. */
  readonly serve: (request: Request) => Served;
  readonly observe: (outcome: RequestOutcome) => void;
  readonly habits: Pick<Habits, 'keepsMs'>;
}

interface Client {
  readonly index: number;
  readonly kind: ClientKind;
  readonly resolver: number;
  /** What it holds on to: a connection, or an answer kept too long. */
  held: Destination | undefined;
  heldUntilMs: number;
  failing: boolean;
}

/** The kind of each client, by its index. */
export function clientKinds(): readonly ClientKind[] {
  return Array.from({ length: POPULATION.clients }, (_, index) => createClient(index).kind);
}

/** Sets the clients in motion. */
export function startPopulation(settings: PopulationSettings): void {
  const { queue, random, startMs } = settings;
  const clients = Array.from({ length: POPULATION.clients }, (_, index) => createClient(index));
  for (const client of clients) {
    const next = (atMs: number): void => {
      const wait = act(client, { settings, atMs });
      queue.at(atMs + wait, next);
    };
    queue.at(startMs + random() * POPULATION.meanGapMs, next);
  }
}

/** Kinds are spread over the resolvers, so that no resolver has clients of one kind only. */
function createClient(index: number): Client {
  const { shares, clients, resolvers } = POPULATION;
  const overCaching = Math.round(shares['over-caches'] * clients);
  const keeping = Math.round(shares['keeps-connection'] * clients);
  const kind: ClientKind =
    index < overCaching ? 'over-caches' : index < overCaching + keeping ? 'keeps-connection' : 'honours-ttl';
  return { index, kind, resolver: index % resolvers, held: undefined, heldUntilMs: 0, failing: false };
}

/** One turn of a client: a request, or a read and a write while it is failing. Gives the wait until the next turn, ms. */
function act(client: Client, { settings, atMs }: { settings: PopulationSettings; atMs: number }): number {
  const { random } = settings;
  const wasFailing = client.failing;
  const write = random() < POPULATION.writeShare;
  const ok = wasFailing
    ? [request(client, { settings, atMs, write: false }), request(client, { settings, atMs, write: true })].every(
        Boolean,
      )
    : request(client, { settings, atMs, write });
  client.failing = !ok;
  if (ok) return 2 * random() * POPULATION.meanGapMs;
  return CLIENT_PATIENCE.timeoutMs + CLIENT_PATIENCE.retryAfterMs;
}

function request(
  client: Client,
  { settings, atMs, write }: { settings: PopulationSettings; atMs: number; write: boolean },
): boolean {
  const { destination, newConnection } = choose(client, settings, atMs);
  const { ok, afterMs } = settings.serve({ destination, write, newConnection, atMs, repeats: client.failing });
  settings.observe({ atMs: atMs + afterMs, client: client.index, destination, write, ok });
  if (!ok && client.kind === 'keeps-connection') client.held = undefined;
  return ok;
}

function choose(
  client: Client,
  { random, resolve, habits }: PopulationSettings,
  atMs: number,
): { readonly destination: Destination; readonly newConnection: boolean } {
  if (client.held !== undefined && atMs < client.heldUntilMs) {
    return { destination: client.held, newConnection: client.kind !== 'keeps-connection' };
  }
  const destination = resolve(client.resolver, atMs);
  const keepsMs = habits.keepsMs(client.index) ?? ownKeepingMs(client.kind, random);
  if (keepsMs > 0) {
    client.held = destination;
    client.heldUntilMs = atMs + keepsMs;
  }
  return { destination, newConnection: true };
}

/** How long a client of a kind holds on to an answer, or to the connection that it got by it, ms. */
function ownKeepingMs(kind: ClientKind, random: Random): number {
  const { from, to } = POPULATION.connectionLivesMs;
  if (kind === 'honours-ttl') return 0;
  return kind === 'over-caches' ? POPULATION.overCachesMs : from + (to - from) * random();
}
