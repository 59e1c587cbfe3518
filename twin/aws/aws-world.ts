import type { CallLimits, ClientSettings } from '../../adapters/aws/clients.ts';
import { SwitchyardError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { draw, type Random } from '../random.ts';
import { never, type Sandbox } from '../step-functions/sandbox.ts';
import { LATENCIES, type LatencyName } from '../world/latencies.ts';
import type { Network } from '../world/network.ts';
import { CONTROL_PLANE_REGIONS } from '../world/network.ts';
import { answerCalls, shortenCalls } from './answered-client.ts';
import { ServiceError, timeoutError } from './service-error.ts';

/** One call of the AWS API, as a client makes it. */
export interface AwsCall {
  /** The Region the caller runs in. */
  readonly from: string;
  readonly service: string;
  /** The Region whose endpoint is called. */
  readonly region: string;
  /** Name of the operation, e.g. `PutObject`. */
  readonly operation: string;
  readonly input: unknown;
  /** Of the client that calls. */
  readonly limits: CallLimits;
}

/** Answers the operations of one service. May take its own time; throws {@link ServiceError} as the service would. */
export type ServiceHandlers = Readonly<Record<string, (input: never, call: AwsCall) => unknown>>;

/**
 * A fault of the API: calls that match are answered with an error, or take effect, at once or after a while, and are
 * answered by nobody.
 */
export interface ApiFault {
  readonly service: string;
  readonly operation: string;
  readonly region?: string;
  readonly answer: 'lost' | { readonly error: string; readonly message: string } | { readonly afterSeconds: number };
}

/** A call that came late, as if its sender had been paused, and what became of it. */
export interface LateCall {
  readonly service: string;
  readonly operation: string;
  readonly atMs: number;
  /** `done`, or the name of the error that refused it. */
  readonly outcome: string;
}

/** The AWS API of the whole world. */
export interface AwsWorld {
  call(call: AwsCall): Promise<unknown>;
  setFault(fault: ApiFault, on: boolean): void;
  /** Makes every client of a caller in that Region be answered here, for as long as the sandbox it lives in is alive. */
  clientsIn(region: string, sandbox?: Sandbox): ClientSettings;
  /** The same, where many callers of a Region share their clients. */
  sharedClientsIn(region: string): ClientSettings;
  /** Calls made so far, by `service:operation`. */
  counts(): Readonly<Record<string, number>>;
  /** Calls that came late, in the order in which they came. */
  lateCalls(): readonly LateCall[];
}

/** What the world's API is made of. */
export interface AwsWorldSettings {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly services: Readonly<Record<string, ServiceHandlers>>;
}

/** Puts the services behind a network: a call to a dark Region, or over a cut link, is answered by nobody. */
export function createAwsWorld(settings: AwsWorldSettings): AwsWorld {
  const { clock, network, services } = settings;
  const faults = new Map<string, ApiFault>();
  const counts: Record<string, number> = {};
  const shared = new Map<string, Map<string, unknown>>();
  const late: LateCall[] = [];
  const comeLate = async (made: AwsCall, afterSeconds: number): Promise<void> => {
    const { service, operation } = made;
    await clock.sleep(afterSeconds * 1000);
    const outcome = await attemptCall(handlerOf(services, made), made);
    late.push({ service, operation, atMs: clock.nowEpochMs(), outcome });
  };
  const call = async (made: AwsCall, sandbox?: Sandbox): Promise<unknown> => {
    const handler = handlerOf(services, made);
    if (sandbox?.isDead()) return never();
    const key = `${made.service}:${made.operation}`;
    counts[key] = (counts[key] ?? 0) + 1;
    try {
      await reach(settings, made);
      const answer = [...faults.values()].find((candidate) => matches(candidate, made))?.answer;
      if (typeof answer === 'object' && 'error' in answer) throw new ServiceError(answer.error, answer.message);
      if (typeof answer === 'object') {
        void comeLate(made, answer.afterSeconds);
        await noAnswer(clock, made.limits.requestTimeoutMs);
      }
      const output = await handler(made.input as never, made);
      sandbox?.tookEffect(made);
      // A caller that went dark meanwhile never learns the answer, though the call took effect.
      if (answer === 'lost' || network.isDark(made.from)) await noAnswer(clock, made.limits.requestTimeoutMs);
      return sandbox?.isDead() ? never() : output;
    } catch (error) {
      if (sandbox?.isDead()) return never();
      throw error;
    }
  };
  return {
    call,
    counts: () => counts,
    lateCalls: () => late,
    setFault: (fault, on) =>
      void (on ? faults.set(JSON.stringify(fault), fault) : faults.delete(JSON.stringify(fault))),
    clientsIn: (from, sandbox) => ({ instrument: answerWith((made) => call(made, sandbox), { from, clock }) }),
    sharedClientsIn: (from) => {
      const kept = shared.get(from) ?? new Map<string, unknown>();
      shared.set(from, kept);
      const keep: NonNullable<ClientSettings['keep']> = (key, create) => {
        const client = kept.get(key) ?? create();
        kept.set(key, client);
        return client as ReturnType<typeof create>;
      };
      return { instrument: answerWith(call, { from, clock }), keep };
    },
  };
}

async function attemptCall(handler: (input: never, call: AwsCall) => unknown, made: AwsCall): Promise<string> {
  try {
    await handler(made.input as never, made);
    return 'done';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

function handlerOf(services: AwsWorldSettings['services'], { service, operation }: AwsCall) {
  const handler = services[service]?.[operation];
  if (handler !== undefined) return handler;
  throw new SwitchyardError(`the twin does not know ${service}:${operation}`, {
    code: 'TWIN_UNKNOWN_COMMAND',
    source: 'defect',
    context: { service, operation },
  });
}

async function reach(
  { clock, network, random }: AwsWorldSettings,
  { from, service, region, limits }: AwsCall,
): Promise<void> {
  const isControlPlane = (CONTROL_PLANE_REGIONS as readonly string[]).includes(region);
  if (isControlPlane && network.controlPlanesFail()) await noAnswer(clock, limits.requestTimeoutMs);
  if (!network.connects(from, region) || (service === 's3' && network.losesBuckets(region)))
    await noAnswer(clock, limits.connectionTimeoutMs);
  await clock.sleep(draw(LATENCIES[latencyOf({ from, service, region })].milliseconds, random));
}

function latencyOf({ from, service, region }: Pick<AwsCall, 'from' | 'service' | 'region'>): LatencyName {
  if (service === 'route53') return 'route53Api';
  return from === region ? 'apiCallSameRegion' : 'apiCallOtherRegion';
}

async function noAnswer(clock: Clock, timeoutMs: number): Promise<never> {
  await clock.sleep(timeoutMs);
  throw timeoutError(timeoutMs);
}

function matches({ service, operation, region }: ApiFault, call: AwsCall): boolean {
  return service === call.service && operation === call.operation && (region === undefined || region === call.region);
}

/** Every call of a client made in that Region is a call of the world. */
function answerWith(
  call: AwsWorld['call'],
  { from, clock }: { readonly from: string; readonly clock: Clock },
): NonNullable<ClientSettings['instrument']> {
  return (client, { service, region, limits }) => {
    answerCalls(client, (_next, { commandName }) => {
      const operation = commandName.replace(/Command$/, '');
      return async ({ input }) => {
        const output = await call({ from, service, region, operation, input, limits });
        // Services keep true time, whatever the clock of the caller says.
        const headers = { date: new Date(clock.nowEpochMs()).toUTCString() };
        return { response: { headers }, output: { ...(output as object), $metadata: { httpStatusCode: 200 } } };
      };
    });
    if (service === 'dynamodb') shortenCalls(client);
  };
}
