import type { MemoryCoordination } from '../../../adapters/memory/memory-coordination.ts';
import type { RegionMeasurement } from '../../../core/counters.ts';
import {
  CHANNELS,
  type Channel,
  type ChannelOutcome,
  type Message,
  type Notifier,
} from '../../../core/notification/channel.ts';
import { OperationError } from '../../../core/operation/errors.ts';
import type {
  Coordination,
  DataTier,
  DataTierStatus,
  DnsAnswer,
  DnsClient,
  HttpAnswer,
  HttpClient,
  LagReading,
  PromotionRequest,
  StartOutcome,
  StateMachines,
  Telemetry,
  TrafficMetrics,
  TrafficReading,
} from '../../../core/ports.ts';
import type { ReconcileStore } from '../../../core/reconcile/store.ts';
import { SINGAPORE } from '../coordination-samples.ts';

/** What a port throws that gave no answer. */
export function noAnswer(): OperationError {
  return new OperationError('TransientPlatformError', 'TimeoutError: no answer', { retryable: true });
}

/** A table with calls that get no answer, and nothing done. */
export interface FakeCoordination extends Coordination {
  /** Kept verdicts, by the moment of each. */
  readonly kept: MemoryCoordination['kept'];
  /** The next call of that method fails. */
  failNext(method: keyof Coordination): void;
  /** Lets something happen right before the next call of that method. */
  interrupt(method: keyof Coordination, happening: () => Promise<void>): void;
  /** No quorum answers: every call fails. */
  dark: boolean;
}

export function fakeCoordination(table: MemoryCoordination): FakeCoordination {
  const failing = new Set<string | symbol>();
  const happenings = new Map<string | symbol, () => Promise<void>>();
  const settings: Omit<FakeCoordination, keyof Coordination | 'kept'> = {
    dark: false,
    failNext: (method) => void failing.add(method),
    interrupt: (method, happening) => void happenings.set(method, happening),
  };
  return new Proxy(Object.assign(settings, table), {
    get: (target, method, receiver) => {
      const found: unknown = Reflect.get(target, method, receiver);
      if (typeof found !== 'function' || !(method in table)) return found;
      if (failing.delete(method) || target.dark) return () => Promise.reject(noAnswer());
      const happening = happenings.get(method);
      if (happening === undefined || !happenings.delete(method)) return found;
      return (...given: unknown[]) => happening().then(() => found(...given));
    },
  });
}

/** A data tier that is asked and does as it is told. */
export interface FakeDataTier extends DataTier {
  now: DataTierStatus;
  readonly lags: Map<string, LagReading>;
  readonly asked: { readonly target: string; readonly mode: string }[];
  /** By which operation, and fenced since when. */
  readonly identities: Omit<PromotionRequest, 'target' | 'mode'>[];
  /** Why nothing could be promoted. */
  inTheWay: readonly string[];
  /** Thrown by the next calls of that method, once each. */
  readonly failures: { status?: Error; promote?: Error; replicationLag?: Error };
}

export function fakeDataTier(): FakeDataTier {
  const failures: FakeDataTier['failures'] = {};
  const failOnce = (method: keyof FakeDataTier['failures']): void => {
    const error = failures[method];
    delete failures[method];
    if (error !== undefined) throw error;
  };
  const fake: FakeDataTier = {
    now: { writerRegion: SINGAPORE, movingTo: null },
    lags: new Map(),
    asked: [],
    identities: [],
    failures,
    status: async () => {
      failOnce('status');
      return fake.now;
    },
    replicationLag: async (target) => {
      failOnce('replicationLag');
      return fake.lags.get(target);
    },
    obstacles: async () => fake.inTheWay,
    inTheWay: [],
    promote: async ({ target, mode, ...identity }) => {
      failOnce('promote');
      fake.asked.push({ target, mode });
      fake.identities.push(identity);
      fake.now = { writerRegion: null, movingTo: target };
    },
  };
  return fake;
}

/** Traffic by Region; a Region that is not given does not answer. */
export interface FakeTraffic extends TrafficMetrics {
  readonly readings: Map<string, TrafficReading>;
  readonly asked: { readonly region: string; readonly fromEpochMs: number; readonly toEpochMs: number }[];
}

export function fakeTraffic(): FakeTraffic {
  const readings = new Map<string, TrafficReading>();
  const asked: FakeTraffic['asked'] = [];
  return {
    readings,
    asked,
    read: async (region, span) => {
      asked.push({ region, ...span });
      const reading = readings.get(region);
      if (reading === undefined) throw new OperationError('TransientPlatformError', `${region} does not answer`);
      return reading;
    },
  };
}

/** Front doors by host: what they answer to a path, or nothing. */
export interface FakeHttp extends HttpClient {
  answer: (url: string) => HttpAnswer;
  readonly asked: { readonly url: string; readonly timeoutMs: number }[];
}

export function fakeHttp(): FakeHttp {
  const fake: FakeHttp = {
    asked: [],
    answer: () => ({ answered: false, reason: 'no answer' }),
    get: async (url, { timeoutMs }) => {
      fake.asked.push({ url, timeoutMs });
      return fake.answer(url);
    },
  };
  return fake;
}

/** Name servers and what each of them answers. */
export interface FakeDns extends DnsClient {
  readonly servers: Map<string, DnsAnswer>;
  readonly hosts: Map<string, readonly string[]>;
  failure: Error | undefined;
}

export function fakeDns(): FakeDns {
  const fake: FakeDns = {
    servers: new Map(),
    hosts: new Map(),
    failure: undefined,
    authoritativeServers: async () => {
      if (fake.failure !== undefined) throw fake.failure;
      return [...fake.servers.keys()];
    },
    query: async (server) => fake.servers.get(server) ?? { answered: false, reason: 'no answer' },
    resolve: async (hostname) => fake.hosts.get(hostname) ?? [],
  };
  return fake;
}

/** People, who read everything unless a channel is dead. */
export interface FakeNotifier extends Notifier {
  /** Messages that the topic has taken. */
  readonly sent: Message[];
  /** Why the topic takes nothing. */
  failure: Error | undefined;
  /** Further channels, and why each of them takes nothing, if it does not. */
  readonly others: Map<Channel, Error | undefined>;
  /** What was asked of which channel, taken or not. */
  readonly asked: { readonly channel: Channel; readonly message: Message }[];
}

export function fakeNotifier(): FakeNotifier {
  const fake: FakeNotifier = {
    sent: [],
    failure: undefined,
    others: new Map(),
    asked: [],
    send: async (message, channels = CHANNELS) => {
      const known: readonly (readonly [Channel, Error | undefined])[] = [['sns', fake.failure], ...fake.others];
      return known
        .filter(([channel]) => channels.includes(channel))
        .map(([channel, failure]): ChannelOutcome => {
          fake.asked.push({ channel, message });
          if (failure !== undefined) return { channel, sent: false, reason: String(failure), error: failure };
          if (channel === 'sns') fake.sent.push(message);
          return { channel, sent: true };
        });
    },
  };
  return fake;
}

/** State machines of one Region: every name runs once, until the test lets it end. */
export interface FakeMachines extends StateMachines {
  readonly started: { readonly machine: string; readonly name: string; readonly input: unknown }[];
  readonly ended: Set<string>;
  /** Executions that go on, by their ARN. */
  readonly running: Set<string>;
  /** When others ended, epoch ms; long ago where nothing is said. */
  readonly endedAtMs: Map<string, number>;
  failure: Error | undefined;
}

export function fakeMachines(): FakeMachines {
  const fake: FakeMachines = {
    started: [],
    ended: new Set(),
    failure: undefined,
    start: async (request): Promise<StartOutcome> => {
      if (fake.failure !== undefined) throw fake.failure;
      if (fake.started.some(({ name }) => name === request.name))
        return { kind: 'exists', running: !fake.ended.has(request.name), executionArn: `arn:of:${request.name}` };
      fake.started.push(request);
      return { kind: 'started', executionArn: `arn:of:${request.name}` };
    },
    endedAt: async (executionArn) => {
      if (fake.failure !== undefined) throw fake.failure;
      return fake.running.has(executionArn) ? undefined : (fake.endedAtMs.get(executionArn) ?? 0);
    },
    endedAtMs: new Map(),
    running: new Set(),
  };
  return fake;
}

/** Plans of reconciliations, as objects by name. */
export interface FakePlans extends ReconcileStore {
  readonly objects: Map<string, string>;
  failure: Error | undefined;
}

export function fakePlans(): FakePlans {
  const objects = new Map<string, string>();
  const answer = <T>(value: () => T): T => {
    if (fake.failure !== undefined) throw fake.failure;
    return value();
  };
  const fake: FakePlans = {
    objects,
    failure: undefined,
    put: async (name, text) => answer(() => void objects.set(name, text)),
    create: async (name, text) => answer(() => !objects.has(name) && objects.set(name, text) !== undefined),
    get: async (name) => answer(() => objects.get(name)),
    async *names(prefix) {
      yield* answer(() => [...objects.keys()].filter((name) => name.startsWith(prefix)).toSorted());
    },
  };
  return fake;
}

/** Counts by metric, what the failures among them were, and what was measured. */
export interface FakeTelemetry extends Telemetry {
  readonly counts: Map<string, number>;
  readonly measured: RegionMeasurement[];
  readonly errors: unknown[];
  /** Lines of the log. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

export function fakeTelemetry(): FakeTelemetry {
  const counts = new Map<string, number>();
  const errors: unknown[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const measured: RegionMeasurement[] = [];
  const count: Telemetry['count'] = (counter, value) => void counts.set(counter, (counts.get(counter) ?? 0) + value);
  return {
    counts,
    errors,
    lines,
    measured,
    count,
    measure: (measurement) => void measured.push(measurement),
    failed: (counter, error) => {
      errors.push(error);
      count(counter, 1);
    },
    log: (what, facts) => void lines.push({ what, ...facts }),
  };
}
