import { createMemoryCoordination } from '../../../adapters/memory/memory-coordination.ts';
import { checksOf, observersOf } from '../../../core/config/accessors.ts';
import { resolveConfig } from '../../../core/config/resolve.ts';
import type { ResolvedConfig } from '../../../core/config/types.ts';
import { NO_FLEET } from '../../../core/fleet/call-fleet.ts';
import type { CheckState } from '../../../core/health/check-state.ts';
import type { MetricName, ObserverReport } from '../../../core/health/report.ts';
import type { ApplicationState } from '../../../core/operation/application-state.ts';
import type { OperationEvent, OperationRecord } from '../../../core/operation/operation-record.ts';
import type { OperationKind, OperationRequest } from '../../../core/operation/request.ts';
import type {
  Clock,
  Fleet,
  FunctionCaller,
  MetricReader,
  NameResolver,
  StepContext,
  TcpClient,
  TlsClient,
} from '../../../core/ports.ts';
import { createOpenOperation } from '../../../lambdas/open-operation/open-operation.ts';
import type { StepInput } from '../../../state-machines/contracts.ts';
import exampleConfig from '../../../switchyard.config.ts';
import { checkSample, requestSample, SAMPLE_TIME, SINGAPORE, TOKYO } from '../coordination-samples.ts';
import { type FakeBlobs, fakeBlobs } from './fake-blobs.ts';
import { type FakeLoadBalancers, fakeLoadBalancers } from './fake-load-balancers.ts';
import * as fakes from './fake-ports.ts';
import { fakeProbePorts } from './fake-probe-ports.ts';
import { type FakeRecords, type FakeSwitch, fakeRecords, fakeSwitch } from './fake-routing.ts';
import { type FakeScaling, fakeScaling } from './fake-scaling.ts';

/** A clock that stands still until it is moved, or slept on. */
export interface ManualClock extends Clock {
  nowMs: number;
  pass(seconds: number): void;
}

/** A clock of a test's own. */
export function manualClock(): ManualClock {
  const clock: ManualClock = {
    nowMs: SAMPLE_TIME,
    nowEpochMs: () => clock.nowMs,
    sleep: async (milliseconds) => {
      clock.nowMs += Math.max(0, milliseconds);
    },
    pass: (seconds) => {
      clock.nowMs += seconds * 1000;
    },
  };
  return clock;
}

/** Every port of a step, in memory. */
export interface StepPorts {
  readonly clock: ManualClock;
  readonly coordination: fakes.FakeCoordination;
  readonly evacuation: FakeSwitch;
  readonly records: FakeRecords;
  readonly traffic: fakes.FakeTraffic;
  readonly dataTier: fakes.FakeDataTier;
  readonly http: fakes.FakeHttp;
  readonly blobs: FakeBlobs;
  readonly dns: fakes.FakeDns;
  readonly tcp: TcpClient;
  readonly tls: TlsClient;
  readonly resolver: NameResolver;
  readonly metrics: MetricReader;
  readonly functions: FunctionCaller;
  readonly scaling: FakeScaling;
  readonly loadBalancers: FakeLoadBalancers;
  readonly notifier: fakes.FakeNotifier;
  readonly machines: fakes.FakeMachines;
  readonly plans: fakes.FakePlans;
  /** Of an application that belongs to none, until the test puts another in its place. */
  fleet: Fleet;
  readonly telemetry: fakes.FakeTelemetry;
}

/** A world for steps: in memory, at a standstill, and in good order until the test says otherwise. */
export interface StepWorld {
  readonly config: ResolvedConfig;
  readonly ports: StepPorts;
  /** What a step that runs in a Region is made of. */
  context(region?: string): StepContext<keyof StepPorts> & { readonly ports: StepPorts };
  state(): Promise<ApplicationState>;
  /** Sets fields of the application's state, whatever they were. */
  setState(set: Partial<ApplicationState>): Promise<void>;
  /** Opens an operation by the real step, a failback after a failover, and gives the input of those that follow. */
  open(kind?: OperationKind, request?: Partial<OperationRequest>, name?: string): Promise<StepInput>;
  /** The same with a fence on record, for steps that come after it; the right to write stays where it is. */
  openFenced(kind?: OperationKind, request?: Partial<OperationRequest>, name?: string): Promise<StepInput>;
  /** Lets another operation take the application over. */
  loseLease(): Promise<void>;
  record(input: StepInput): Promise<OperationRecord>;
  /** Lines that a step has written. */
  lines(input: StepInput, step: string): Promise<readonly OperationEvent[]>;
  /** Adds a line as if a step had written it. */
  addLine(input: StepInput, event: Pick<OperationEvent, 'step' | 'outcome'> & Partial<OperationEvent>): Promise<void>;
  /** Lets the lag into a Region be measured now. */
  copyBehind(region: string, seconds: number): void;
  /** Lets every observer report on a Region: all checks passed but for those that are named. */
  observe(subject: string, settings?: Observed): Promise<void>;
}

export interface Observed {
  readonly checks?: Readonly<Record<string, Partial<CheckState>>>;
  readonly all?: Partial<CheckState>;
  readonly metrics?: Readonly<Partial<Record<MetricName, number>>>;
  readonly observers?: readonly string[];
}

export function stepWorld(config: ResolvedConfig = UNPINNED): StepWorld {
  const coordination = fakes.fakeCoordination(createMemoryCoordination(config));
  const clock = manualClock();
  const ports: StepPorts = {
    clock,
    coordination,
    evacuation: fakeSwitch(config),
    records: fakeRecords(config),
    traffic: fakes.fakeTraffic(),
    dataTier: fakes.fakeDataTier(),
    http: fakes.fakeHttp(),
    blobs: fakeBlobs(),
    dns: fakes.fakeDns(),
    ...fakeProbePorts(),
    scaling: fakeScaling(),
    loadBalancers: fakeLoadBalancers(),
    notifier: fakes.fakeNotifier(),
    machines: fakes.fakeMachines(),
    plans: fakes.fakePlans(),
    fleet: NO_FLEET,
    telemetry: fakes.fakeTelemetry(),
  };
  const context = (region = TOKYO) => ({ config, region, ports });
  const record = async ({ operation }: StepInput): Promise<OperationRecord> => {
    const found = await coordination.readOperation(operation.operationId);
    if (found === undefined) throw new Error(`there is no operation ${operation.operationId}`);
    return found;
  };
  const setState = async (set: Partial<ApplicationState>): Promise<void> => {
    await coordination.transition({ expect: {}, set });
  };
  const open: StepWorld['open'] = async (kind = 'failover', request = {}, name = `${kind}-by-hand`) => {
    const back = kind === 'failback' && (await coordination.readState()).epoch === 0;
    if (back) {
      await setState({
        ...FAILED_OVER,
        recordsWrittenAtEpochMs: clock.nowMs - 3_600_000,
        failedOverAtEpochMs: clock.nowMs - 600_000,
      });
      ports.dataTier.now = { writerRegion: TOKYO, movingTo: null };
    }
    const ways = kind === 'failback' ? { source: TOKYO, target: SINGAPORE } : {};
    const operation = await createOpenOperation(context())({
      kind,
      request: requestSample({ ...ways, ...request }),
      executionName: name,
      executionArn: `arn:of:${name}`,
    });
    return { operation };
  };
  const addLine: StepWorld['addLine'] = async (input, event) => {
    const { events } = await record(input);
    const line = { atEpochMs: clock.nowMs, detail: {}, ...event };
    await coordination.appendEvent(input.operation.operationId, events.length, line);
  };
  return {
    config,
    ports,
    context,
    record,
    state: () => coordination.readState(),
    setState,
    open,
    openFenced: async (...given) => {
      const input = await open(...given);
      await addLine(input, { step: 'fence-source', outcome: 'done' });
      return input;
    },
    loseLease: async () => {
      const { epoch } = await coordination.readState();
      await setState({ epoch: epoch + 1, operationId: 'another', leaseExpiresAtEpochMs: clock.nowMs + 60_000 });
    },
    lines: async (input, step) => (await record(input)).events.filter((event) => event.step === step),
    addLine,
    copyBehind: (region, seconds) => {
      ports.dataTier.lags.set(region, { seconds, measuredAtEpochMs: clock.nowMs });
    },
    observe: async (subject, { checks = {}, all = {}, metrics = {}, observers = observersOf(config) } = {}) => {
      for (const observer of observers) {
        await coordination.mergeReport(
          reportOf(config, { observer, subject, nowMs: clock.nowMs, checks, all, metrics }),
        );
      }
    },
  };
}

function reportOf(
  config: ResolvedConfig,
  {
    observer,
    subject,
    nowMs,
    checks,
    all,
    metrics,
  }: Required<Omit<Observed, 'observers'>> & {
    observer: string;
    subject: string;
    nowMs: number;
  },
): ObserverReport {
  const answered = { answeredAtEpochMs: nowMs, sinceEpochMs: nowMs - 3_600_000 };
  return {
    observer,
    subject,
    round: 1,
    reportedAtEpochMs: nowMs,
    checks: Object.fromEntries(
      checksOf(config).map(({ name }) => [name, checkSample({ ...answered, ...all, ...checks[name] })]),
    ),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, [{ value, atEpochMs: nowMs }]])),
  };
}

/** The example without revisions to expect, so that nobody's document has to tell them. */
export const UNPINNED: ResolvedConfig = { ...exampleConfig, contract: { ...exampleConfig.contract, expected: {} } };

/** The example with nothing to promote. */
export const NO_DATA = resolveConfig({
  ...UNPINNED,
  data: { adapter: 'none', writes: 'forwarded', lossBudgetSeconds: 5 },
});

/** A check that has failed for a while. */
export const FAILED: Partial<CheckState> = {
  status: 'failed',
  settled: 'failed',
  consecutiveFailures: 5,
  consecutivePasses: 0,
  reason: 'no answer within 5000 ms',
};

/** The state after a failover from Singapore to Tokyo that has ended well. */
export const FAILED_OVER: Partial<ApplicationState> = {
  phase: 'FAILED_OVER',
  epoch: 1,
  writerEpoch: 1,
  activeRegion: TOKYO,
  writerRegion: TOKYO,
  weights: { [SINGAPORE]: 0, [TOKYO]: 100 },
  evacuated: [SINGAPORE],
  fenceAcknowledgedEpoch: 1,
};
