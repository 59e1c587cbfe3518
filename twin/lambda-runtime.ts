import type { ClientSettings } from '../adapters/aws/clients.ts';
import { coordinationPort, createPorts, type Environment, metricsPort } from '../adapters/aws/create-ports.ts';
import { createTableClock } from '../adapters/aws/table-clock.ts';
import type { Deployment } from '../core/config/names.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import type { DnsClient, HttpClient, Ports, StepContext, Telemetry } from '../core/ports.ts';
import { createAdjustLoadBalancers } from '../lambdas/adjust-load-balancers/adjust-load-balancers.ts';
import { createCheckCapacity } from '../lambdas/check-capacity/check-capacity.ts';
import { createCheckPromotion } from '../lambdas/check-promotion/check-promotion.ts';
import { createCheckRecords } from '../lambdas/check-records/check-records.ts';
import { createCheckRung } from '../lambdas/check-rung/check-rung.ts';
import { createCheckSwitch } from '../lambdas/check-switch/check-switch.ts';
import { createClimbLadder } from '../lambdas/climb-ladder/climb-ladder.ts';
import { createCloseOperation } from '../lambdas/close-operation/close-operation.ts';
import { createFenceSource } from '../lambdas/fence-source/fence-source.ts';
import { createHoldOperation } from '../lambdas/hold-operation/hold-operation.ts';
import { createObserveRegions } from '../lambdas/observe-regions/observe-regions.ts';
import { createOpenOperation } from '../lambdas/open-operation/open-operation.ts';
import { createOpenSwitch } from '../lambdas/open-switch/open-switch.ts';
import { createProveRecovery } from '../lambdas/prove-recovery/prove-recovery.ts';
import { createReconcileData } from '../lambdas/reconcile-data/reconcile-data.ts';
import { createReconcileRecords } from '../lambdas/reconcile-records/reconcile-records.ts';
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
import type { ScheduledFunction, Step } from '../state-machines/contracts.ts';
import type { AwsWorld } from './aws/aws-world.ts';
import { draw, type Random } from './random.ts';
import { namedError } from './step-functions/task-tokens.ts';
import type { TwinClock } from './virtual-clock.ts';
import type { Concurrency } from './world/fleet/limits.ts';
import { LATENCIES } from './world/latencies.ts';
import type { Network } from './world/network.ts';
import type { RegionalClocks } from './world/regional-clocks.ts';

type Context = StepContext<keyof Ports>;
type LambdaFunction = (input: never) => Promise<unknown>;

/** Every function that is deployed, by name: the real step code. */
const FUNCTIONS: Readonly<Record<Step | ScheduledFunction, (context: Context) => LambdaFunction>> = {
  'adjust-load-balancers': createAdjustLoadBalancers,
  'check-capacity': createCheckCapacity,
  'check-promotion': createCheckPromotion,
  'check-records': createCheckRecords,
  'check-rung': createCheckRung,
  'check-switch': createCheckSwitch,
  'climb-ladder': createClimbLadder,
  'close-operation': createCloseOperation,
  'fence-source': createFenceSource,
  'hold-operation': createHoldOperation,
  'observe-regions': createObserveRegions,
  'open-operation': createOpenOperation,
  'open-switch': createOpenSwitch,
  'prove-recovery': createProveRecovery,
  'reconcile-data': createReconcileData,
  'reconcile-records': createReconcileRecords,
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
  /** Rejects with the function's error under its own name, its message in Lambda's form. A dark Region never answers. */
  invoke(region: string, name: Step | ScheduledFunction, payload: unknown): Promise<unknown>;
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
  readonly dnsFrom: (region: string) => DnsClient;
  readonly probesFrom: (region: string) => Pick<Ports, 'tcp' | 'tls' | 'resolver'>;
  /** Where the metrics of a function go. */
  readonly telemetryOf: (region: string, name: Step | ScheduledFunction) => Telemetry;
  /** How many functions may run at once; one application never notices. @default - any number */
  readonly concurrency?: Concurrency;
  /** Clients of functions in a Region. @default - their own in every Region */
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
  const { config, network } = settings;
  const ports = new Map<string, Ports>();
  const warm = new Map<string, LambdaFunction>();
  const portsIn = (region: string): Ports => {
    const known = ports.get(region) ?? makePorts(settings, region);
    ports.set(region, known);
    return known;
  };
  const contextOf = (region: string, name: Step | ScheduledFunction): Context => {
    const own = { ...portsIn(region), telemetry: settings.telemetryOf(region, name) };
    const ports = name === 'observe-regions' ? observerPorts(settings, { region, ports: own }) : own;
    return { config, region, ports };
  };
  return {
    portsIn,
    invoke: async (region, name, payload) => {
      if (network.isDark(region)) return new Promise(() => {});
      const leave = settings.concurrency?.enter(region);
      const key = `${region}/${name}`;
      await startUp(settings, warm.has(key));
      const run = warm.get(key) ?? FUNCTIONS[name](contextOf(region, name));
      warm.set(key, run);
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

function environmentIn(settings: LambdaSettings, region: string): Environment {
  const { config, deployment, aws, clientsIn = aws.clientsIn } = settings;
  return { config, deployment, region, clients: clientsIn(region) };
}

function makePorts(settings: LambdaSettings, region: string): Ports {
  const { clocks, httpFrom, dnsFrom, probesFrom } = settings;
  return createPorts(environmentIn(settings, region), {
    clock: clocks.of(region),
    http: httpFrom(region),
    dns: dnsFrom(region),
    ...probesFrom(region),
    telemetry: NO_TELEMETRY,
  });
}

/** As the observer's index.ts wires them: it goes by the clock of the coordination table. */
function observerPorts(settings: LambdaSettings, { region, ports }: { region: string; ports: Ports }): Ports {
  const environment = environmentIn(settings, region);
  const clock = createTableClock(ports.clock, ports.telemetry);
  return {
    ...ports,
    clock,
    coordination: coordinationPort(environment, clock),
    metrics: metricsPort(environment, clock),
  };
}

/** `errorType` is the error's name; the Cause is this document as text. */
export function asLambdaError(error: unknown): Error {
  if (error instanceof Error && error.name.startsWith('Lambda.')) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return namedError(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
}
