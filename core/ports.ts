import type { ResolvedType } from './config/check-kinds/network.ts';
import type { ResolvedConfig } from './config/types.ts';
import type { Counter, RegionMeasurement } from './counters.ts';
import type { Decision } from './decision/outcome.ts';
import type { DecisionRecord } from './decision/record.ts';
import type { Situation } from './decision/situation.ts';
import type { FleetVerdict } from './fleet/fleet-state.ts';
import type { MetricQuestion } from './health/metric-question.ts';
import type { ObserverReport } from './health/report.ts';
import type { DataCopies, DataTier, LoadBalancers, Scaling } from './move-ports.ts';
import type { Notifier } from './notification/channel.ts';
import type { ApplicationState } from './operation/application-state.ts';
import type { OperationEvent, OperationRecord, OperationStatus } from './operation/operation-record.ts';
import type { Transition } from './operation/transitions.ts';
import type { ManifestPage } from './parity/manifest.ts';
import type { ParityRecord } from './parity/parity-record.ts';
import type { ReconcileStore } from './reconcile/store.ts';
import type { Change } from './routing/change-batch.ts';
import type { ResourceRecordSet } from './routing/record-set.ts';
import type { DesiredWeight } from './routing/weights.ts';

export type {
  DataCopies,
  DataTier,
  DataTierStatus,
  LagReading,
  LoadBalancers,
  PromotionRequest,
  Scaling,
  Size,
} from './move-ports.ts';

/** Time. Real in AWS, virtual in a rehearsal. */
export interface Clock {
  nowEpochMs(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** The strongly consistent table: lease, epoch, operations, verdicts. Every method fails where no quorum answers. */
export interface Coordination {
  readSituation(): Promise<Situation>;
  readState(): Promise<ApplicationState>;
  /** Makes the transition if its expectations hold and gives the state after it; undefined where they do not. */
  transition(transition: Transition): Promise<ApplicationState | undefined>;
  /** True for exactly one caller per observer and round. */
  claimRound(observer: string, round: number): Promise<boolean>;
  /** Replaces some checks and metrics of an observer's report on a subject, leaving the others. */
  mergeReport(report: ObserverReport): Promise<void>;
  /** Stores a verdict in the place of `before`; false where another came first. */
  replaceDecision(before: Decision | undefined, next: Decision): Promise<boolean>;
  /** Keeps a verdict with all that it rests on. */
  keepDecision(record: DecisionRecord): Promise<void>;
  /** Keeps what a comparison of a Region with the one that serves has come to, unless a later one is there. */
  keepParity(record: ParityRecord): Promise<void>;
  createOperation(record: OperationRecord): Promise<void>;
  readOperation(operationId: string): Promise<OperationRecord | undefined>;
  /** Adds a line as number `position` of the log; false where that place is taken. */
  appendEvent(operationId: string, position: number, event: OperationEvent): Promise<boolean>;
  /** Sets how an operation stands; `endedAtEpochMs` is `null` while it may still go on: that never replaces an end. */
  setStatus(operationId: string, status: OperationStatus, endedAtEpochMs: number | null): Promise<void>;
  /** Gives an operation that has not ended to another execution; false where it is not the former's, or has ended. */
  changeExecution(operationId: string, execution: { readonly from: string; readonly to: string }): Promise<boolean>;
}

/** What became of one guardian's copy of a switch. */
export interface GuardianOutcome {
  readonly guardian: string;
  readonly done: boolean;
  /** Why not, where it was not. */
  readonly reason?: string;
}

/** The data-plane switch that takes a Region out of the answers. Acts on both guardians at once; one success suffices. */
export interface EvacuationSwitch {
  /**
   * Takes the Region out, under an epoch. An object of a newer epoch is left alone and reported. `spared` is a guardian that lets go of the switch once another one holds it.
   */
  evacuate(region: string, epoch: number, spared?: string): Promise<readonly GuardianOutcome[]>;
  /** Lets the Region in again. Idempotent. */
  admit(region: string, epoch: number): Promise<readonly GuardianOutcome[]>;
  /** Takes away what operations of this epoch or older ones left behind; a switch that a person set by hand stays. */
  tidy(region: string, epoch: number): Promise<readonly GuardianOutcome[]>;
}

/** The record API: a us-east-1 control plane, best effort while leaving a Region and required on the way back. */
export interface RecordStore {
  /** Every record set of these names. */
  list(names: readonly string[]): Promise<readonly ResourceRecordSet[]>;
  /** Applies an atomic batch; gives the id of the change. */
  apply(changes: readonly Change[], comment: string): Promise<string>;
  isInSync(changeId: string): Promise<boolean>;
  /** Whether Route 53 saw the check that gates a Region healthy in its newest minute, and that minute began after `since`. */
  isServing(region: string, sinceEpochMs: number): Promise<boolean>;
  /** Live weights for the next deployment. */
  keepWeights(weights: readonly DesiredWeight[]): Promise<void>;
}

/** What a Region's application published about a span of time. `undefined`: not measured. */
export interface TrafficReading {
  readonly requestsPerSecond?: number;
  readonly errorRate?: number;
  readonly p95Milliseconds?: number;
  readonly connectionsPerSecond?: number;
  /** Of the requests, those that repeat an earlier one; not there where the config names no such metric. */
  readonly retriesPerSecond?: number;
  /** The lowest of the span; not there where the config names no such metric. */
  readonly cacheHitPercent?: number;
  /** Beginning of the oldest period with data, epoch ms. */
  readonly measuredFromEpochMs?: number;
  /** End of the newest period with data, epoch ms. */
  readonly measuredAtEpochMs?: number;
}

/** Metrics of a Region: nothing measured where it has no data of the span. Fails where the Region's API does not answer. */
export interface TrafficMetrics {
  read(region: string, span: { readonly fromEpochMs: number; readonly toEpochMs: number }): Promise<TrafficReading>;
}

/** An HTTP answer, or why there was none. */
export type HttpAnswer =
  | { readonly answered: true; readonly status: number; readonly body: string }
  | { readonly answered: false; readonly reason: string };

/** Asks a URL once. Never rejects: no answer is an answer. */
export interface HttpClient {
  get(
    url: string,
    options: {
      readonly timeoutMs: number;
      /** As much of a body as is read, bytes. @default 64 KiB */
      readonly longestBodyBytes?: number;
    },
  ): Promise<HttpAnswer>;
}

/** What lies in the buckets of Regions, as listings tell it. */
export interface BlobListings {
  /**
   * The objects right after a key, in the order of their keys; fails where the bucket does not answer. An empty page is
   * the last.
   */
  list(
    place: { readonly region: string; readonly bucket: string; readonly prefix: string },
    after: string | undefined,
  ): Promise<ManifestPage>;
}

/** Hands documents to somebody else's service. Never rejects: no answer is an answer. */
export interface WebhookClient {
  /** Sends a document as JSON, once. */
  post(url: string, document: unknown, options: { readonly timeoutMs: number }): Promise<HttpAnswer>;
}

/** One answer of an authoritative server: the values for the name, or why there was none. */
export type DnsAnswer =
  | { readonly answered: true; readonly values: readonly string[] }
  | { readonly answered: false; readonly reason: string };

/** Asks authoritative name servers directly, past every cache. */
export interface DnsClient {
  /** The zone's authoritative servers; empty where nobody tells them now. Never rejects. */
  authoritativeServers(zone: string): Promise<readonly string[]>;
  query(server: string, question: { readonly name: string; readonly type: 'A' | 'CNAME' }): Promise<DnsAnswer>;
  /** Addresses of a host by the ordinary resolver; empty where it has none. */
  resolve(hostname: string): Promise<readonly string[]>;
}

/** What a check had for an answer, or why it had none. */
export type Answer<Content> =
  | ({ readonly answered: true } & Content)
  | { readonly answered: false; readonly reason: string };

/** Where to connect to, and for how long to try. */
export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** Opens a TCP connection and closes it. Never rejects, and is over by the timeout. */
export interface TcpClient {
  /** Whether the peer accepted; no answer where this side could not even try. */
  connect(peer: Peer): Promise<Answer<{ readonly accepted: boolean; readonly reason: string }>>;
}

/** Looks at the certificate that a server shows, whoever signed it. Never rejects, and is over by the timeout. */
export interface TlsClient {
  certificate(peer: Peer & { readonly serverName: string }): Promise<Answer<{ readonly validToEpochMs: number }>>;
}

/** A question to an ordinary resolver. */
export interface ResolverQuestion {
  readonly name: string;
  readonly type: ResolvedType;
  /** Address of the resolver, with a port where it has one of its own. @default - those of the system */
  readonly resolver?: string;
  readonly timeoutMs: number;
}

/** Asks resolvers as clients do. Never rejects, and is over by the timeout. */
export interface NameResolver {
  /** The values of the name; none where the resolver knows that there are none. */
  resolve(question: ResolverQuestion): Promise<Answer<{ readonly values: readonly string[] }>>;
}

/** Any metric of CloudWatch. Never rejects, and is over by the timeout. */
export interface MetricReader {
  /** The newest full period that has data, among the last few; undefined where none has. */
  newest(question: MetricQuestion, timeoutMs: number): Promise<Answer<{ readonly value: number | undefined }>>;
  /** The same with the beginning of that period, epoch ms. */
  newestDatapoint(
    question: MetricQuestion,
    timeoutMs: number,
  ): Promise<Answer<{ readonly datapoint: { readonly value: number; readonly atEpochMs: number } | undefined }>>;
}

/** Functions of the user's, in this Region. Never rejects, and is over by the timeout. */
export interface FunctionCaller {
  /** What the function returned, as JSON text. */
  call(functionName: string, payload: unknown, timeoutMs: number): Promise<Answer<{ readonly body: string }>>;
}

/** What became of a request to start a machine. */
export type StartOutcome =
  | { readonly kind: 'started'; readonly executionArn: string }
  /** The name is taken: by a running execution, or by one that has ended. */
  | { readonly kind: 'exists'; readonly running: boolean; readonly executionArn: string };

/** The state machines of a Region. */
export interface StateMachines {
  start(request: { readonly machine: string; readonly name: string; readonly input: unknown }): Promise<StartOutcome>;
  /**
   * When an execution of this Region ended, epoch ms; undefined while it goes on by itself, 0 where nobody knows it, or its
   * end, any more.
   */
  endedAt(executionArn: string): Promise<number | undefined>;
}

/** What an application asks of the fleet that it belongs to. */
export interface Fleet {
  /** What the fleet's operation tells a member that is fenced. */
  verdict(operationId: string): Promise<FleetVerdict>;
  /** Whether the fleet's switch keeps a Region out, also of a member that has left it by its own. */
  keepsOut(region: string): Promise<boolean>;
  /** Says that this member is to leave a Region that is dead; `moves` where the fleet takes it along. */
  call(leave: {
    readonly source: string;
    readonly target: string;
    readonly reason: string;
  }): Promise<'moves' | 'stays'>;
}

/** Metrics about this project's own work, and about what it sees. Published when they are told, and never failing. */
export interface Telemetry {
  count(counter: Counter, value: number): void;
  /** Publishes values that speak of a Region together, under the moment at which they are told. */
  measure(measurement: RegionMeasurement): void;
  /** Counts a failure that nobody else gets to see, and logs what it was. */
  failed(counter: Counter, error: unknown): void;
  /** Writes a line to the log. */
  log(what: string, facts: Readonly<Record<string, unknown>>): void;
}

/** The ports of one Lambda: everything outside that it may touch. */
export interface Ports {
  readonly clock: Clock;
  readonly coordination: Coordination;
  readonly evacuation: EvacuationSwitch;
  readonly records: RecordStore;
  readonly traffic: TrafficMetrics;
  readonly dataTier: DataTier;
  readonly http: HttpClient;
  readonly blobs: BlobListings;
  readonly dns: DnsClient;
  readonly tcp: TcpClient;
  readonly tls: TlsClient;
  readonly resolver: NameResolver;
  readonly metrics: MetricReader;
  readonly functions: FunctionCaller;
  readonly scaling: Scaling;
  readonly loadBalancers: LoadBalancers;
  readonly notifier: Notifier;
  readonly machines: StateMachines;
  /** Plans of reconciliations, in this Region. */
  readonly plans: ReconcileStore;
  readonly fleet: Fleet;
  readonly telemetry: Telemetry;
}

/** What a step is made of: the config beside its bundle, the Region it runs in, and the ports it names. */
export interface StepContext<Name extends keyof Ports> {
  readonly config: ResolvedConfig;
  readonly region: string;
  readonly ports: Pick<Ports, Name>;
}

/** The same for a step that looks at the data tier and promotes nothing. */
export type LookingContext<Name extends Exclude<keyof Ports, 'dataTier'>> = StepContext<Name> & {
  readonly ports: { readonly dataTier: DataCopies };
};
