import type { ClientSettings } from '../adapters/aws/clients.ts';
import { createPorts, onTableClock } from '../adapters/aws/create-ports.ts';
import type { Deployment } from '../core/config/names.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import type { DnsClient, HttpClient, Ports, StepContext, Telemetry, WebhookClient } from '../core/ports.ts';
import { createAdjustLoadBalancers } from '../lambdas/adjust-load-balancers/adjust-load-balancers.ts';
import { createAwaitLag } from '../lambdas/await-lag/await-lag.ts';
import { createCheckCapacity } from '../lambdas/check-capacity/check-capacity.ts';
import { createCheckParity } from '../lambdas/check-parity/check-parity.ts';
import { createCheckPromotion } from '../lambdas/check-promotion/check-promotion.ts';
import { createCheckRecords } from '../lambdas/check-records/check-records.ts';
import { createCheckRung } from '../lambdas/check-rung/check-rung.ts';
import { createCheckSwitch } from '../lambdas/check-switch/check-switch.ts';
import { createClimbLadder } from '../lambdas/climb-ladder/climb-ladder.ts';
import { createCloseOperation } from '../lambdas/close-operation/close-operation.ts';
import { createCompareRegions } from '../lambdas/compare-regions/compare-regions.ts';
import { createDrainConnections } from '../lambdas/drain-connections/drain-connections.ts';
import { createFenceSource } from '../lambdas/fence-source/fence-source.ts';
import { createHoldOperation } from '../lambdas/hold-operation/hold-operation.ts';
import { createObserveRegions } from '../lambdas/observe-regions/observe-regions.ts';
import { createOpenOperation } from '../lambdas/open-operation/open-operation.ts';
import { createOpenSwitch } from '../lambdas/open-switch/open-switch.ts';
import { createPrepareRecords } from '../lambdas/prepare-records/prepare-records.ts';
import { createProveRecovery } from '../lambdas/prove-recovery/prove-recovery.ts';
import { createReconcileData } from '../lambdas/reconcile-data/reconcile-data.ts';
import { createReconcileRecords } from '../lambdas/reconcile-records/reconcile-records.ts';
import { createRecordEnd } from '../lambdas/record-end/record-end.ts';
import { createRequestApproval } from '../lambdas/request-approval/request-approval.ts';
import { createRetreatFailback } from '../lambdas/retreat-failback/retreat-failback.ts';
import { createRollBack } from '../lambdas/roll-back/roll-back.ts';
import { createScaleTarget } from '../lambdas/scale-target/scale-target.ts';
import { createSendNotification } from '../lambdas/send-notification/send-notification.ts';
import { createShiftTraffic } from '../lambdas/shift-traffic/shift-traffic.ts';
import { createStartPromotion } from '../lambdas/start-promotion/start-promotion.ts';
import { createValidateService } from '../lambdas/validate-service/validate-service.ts';
import { createValidateTarget } from '../lambdas/validate-target/validate-target.ts';
import { createVerifyAnswers } from '../lambdas/verify-answers/verify-answers.ts';
import { createVerifyTraffic } from '../lambdas/verify-traffic/verify-traffic.ts';
import { createWriteRecords } from '../lambdas/write-records/write-records.ts';
import type { EventFunction, ScheduledFunction, Step } from '../state-machines/contracts.ts';
import type { AwsWorld } from './aws/aws-world.ts';
import { draw, type Random } from './random.ts';
import type { Sandbox } from './step-functions/sandbox.ts';
import { namedError } from './step-functions/task-tokens.ts';
import type { TwinClock } from './virtual-clock.ts';
import type { Concurrency } from './world/fleet/limits.ts';
import { LATENCIES } from './world/latencies.ts';
import type { Network } from './world/network.ts';
import type { RegionalClocks } from './world/regional-clocks.ts';

type Context = StepContext<keyof Ports>;
type LambdaFunction = (input: never) => Promise<unknown>;
type FunctionOfTwin = Step | ScheduledFunction | EventFunction;

/** Every function that is deployed, by name: the real step code. */
const FUNCTIONS: Readonly<Record<FunctionOfTwin, (context: Context) => LambdaFunction>> = {
  'adjust-load-balancers': createAdjustLoadBalancers,
  'await-lag': createAwaitLag,
  'drain-connections': createDrainConnections,
  'prepare-records': createPrepareRecords,
  'check-capacity': createCheckCapacity,
  'check-parity': createCheckParity,
  'check-promotion': createCheckPromotion,
  'check-records': createCheckRecords,
  'check-rung': createCheckRung,
  'check-switch': createCheckSwitch,
  'climb-ladder': createClimbLadder,
  'close-operation': createCloseOperation,
  'compare-regions': createCompareRegions,
  'fence-source': createFenceSource,
  'hold-operation': createHoldOperation,
  'observe-regions': createObserveRegions,
  'open-operation': createOpenOperation,
  'open-switch': createOpenSwitch,
  'prove-recovery': createProveRecovery,
  'reconcile-data': createReconcileData,
  'reconcile-records': createReconcileRecords,
  'record-end': createRecordEnd,
  'request-approval': createRequestApproval,
  'retreat-failback': createRetreatFailback,
  'roll-back': createRollBack,
  'scale-target': createScaleTarget,
  'send-notification': createSendNotification,
  'shift-traffic': createShiftTraffic,
  'start-promotion': createStartPromotion,
  'validate-service': createValidateService,
  'validate-target': createValidateTarget,
  'verify-answers': createVerifyAnswers,
  'verify-traffic': createVerifyTraffic,
  'write-records': createWriteRecords,
};

/** Runs functions in Regions. */
export interface LambdaRuntime {
  /**
   * Rejects with the function's error under its own name, its message in Lambda's form. A dark Region never answers, and
   * what runs in a sandbox does as long as that is alive.
   */
  invoke(region: string, name: FunctionOfTwin, payload: unknown, sandbox?: Sandbox): Promise<unknown>;
  /** The ports of something else that runs in a Region, such as the application itself. */
  portsIn(region: string): Ports;
}

/** What functions run on. */
export interface LambdaSettings {
  readonly config: ResolvedConfig;
  readonly deployment: Deployment;
  readonly clock: TwinClock;
  readonly clocks: RegionalClocks;
  readonly network: Network;
  readonly random: Random;
  readonly aws: AwsWorld;
  readonly httpFrom: (region: string) => HttpClient;
  readonly webhooksFrom: (region: string) => WebhookClient;
  readonly dnsFrom: (region: string) => DnsClient;
  readonly probesFrom: (region: string) => Pick<Ports, 'tcp' | 'tls' | 'resolver'>;
  /** Where the metrics of a function go. */
  readonly telemetryOf: (region: string, name: FunctionOfTwin) => Telemetry;
  /** How many functions may run at once; one application never notices. @default - any number */
  readonly concurrency?: Concurrency;
  /** Clients that functions of a Region share, by the world's own clock. @default - each has its own, and a clock that they set */
  readonly clientsIn?: (region: string) => ClientSettings;
}

/** Metrics of what is no function of ours, such as the application itself: it has none. */
export const NO_TELEMETRY: Telemetry = {
  count: () => undefined,
  measure: () => undefined,
  failed: () => undefined,
  log: () => undefined,
};

/** Creates the runtime. A function starts cold once per Region and stays warm: it is called all the time. */
export function createLambdaRuntime(settings: LambdaSettings): LambdaRuntime {
  const { network } = settings;
  const ports = new Map<string, Ports>();
  const warm = new Map<string, Sandbox | undefined>();
  const functionIn = createFunctions(settings);
  const portsIn = (region: string): Ports => {
    const known = ports.get(region) ?? makePorts(settings, { region, telemetry: NO_TELEMETRY });
    ports.set(region, known);
    return known;
  };
  return {
    portsIn,
    invoke: async (region, name, payload, sandbox) => {
      if (network.isDark(region)) return new Promise(() => {});
      const key = `${region}/${name}`;
      const isWarm = warm.has(key) && warm.get(key)?.isDead() !== true;
      warm.set(key, sandbox);
      const leave = settings.concurrency?.enter(region);
      await startUp(settings, isWarm);
      const run = functionIn({ region, name, sandbox });
      return run(structuredClone(payload) as never)
        .catch((error: unknown) => {
          throw asLambdaError(error);
        })
        .finally(leave);
    },
  };
}

/** A function starts cold once, and warm from then on. */
export async function startUp(
  { clock, random }: Pick<LambdaSettings, 'clock' | 'random'>,
  isWarm: boolean,
): Promise<void> {
  const start = isWarm ? LATENCIES.lambdaWarmStart : LATENCIES.lambdaColdStart;
  await clock.sleep(draw(start.milliseconds, random));
}

interface FunctionPlace {
  readonly region: string;
  readonly name: FunctionOfTwin;
  readonly sandbox: Sandbox | undefined;
}

/** Instances of functions: one per Region, or one per sandbox, whose clients die with it. */
function createFunctions(settings: LambdaSettings): (place: FunctionPlace) => LambdaFunction {
  const lasting = new Map<string, LambdaFunction>();
  const inSandbox = new WeakMap<Sandbox, Map<string, LambdaFunction>>();
  return ({ region, name, sandbox }) => {
    const made = sandbox === undefined ? lasting : (inSandbox.get(sandbox) ?? new Map<string, LambdaFunction>());
    if (sandbox !== undefined) inSandbox.set(sandbox, made);
    const key = `${region}/${name}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const ports = makePorts(settings, { region, telemetry: settings.telemetryOf(region, name), sandbox });
    const run = FUNCTIONS[name]({ config: settings.config, region, ports });
    made.set(key, run);
    return run;
  };
}

/** As `adapters/aws/lambda-handler.ts` and every index.ts do: each function has clients of its own, and a clock that they set. */
function makePorts(
  settings: LambdaSettings,
  { region, telemetry, sandbox }: { region: string; telemetry: Telemetry; sandbox?: Sandbox | undefined },
): Ports {
  const { config, deployment, aws, clocks, httpFrom, webhooksFrom, dnsFrom, probesFrom } = settings;
  const local = { clock: clocks.of(region), telemetry };
  const clients = settings.clientsIn?.(region) ?? aws.clientsIn(region, sandbox);
  const own = { config, deployment, region, clients };
  const { environment, clock } =
    settings.clientsIn === undefined ? onTableClock(own, local) : { environment: own, ...local };
  return createPorts(environment, {
    clock,
    telemetry,
    http: httpFrom(region),
    webhooks: webhooksFrom(region),
    dns: dnsFrom(region),
    ...probesFrom(region),
  });
}

/** `errorType` is the error's name; the Cause is this document as text. */
export function asLambdaError(error: unknown): Error {
  if (error instanceof Error && error.name.startsWith('Lambda.')) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return namedError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
}
