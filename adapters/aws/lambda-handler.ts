import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context } from 'aws-lambda';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { type CounterOwner, counterMetric, regionMetric, serviceName, unitOf } from '../../core/counters.ts';
import { SwitchyardError } from '../../core/errors.ts';
import type { ResolvedFleet } from '../../core/fleet/fleet-types.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { FleetEnvironment } from './create-fleet-ports.ts';
import { type Environment, onTableClock } from './create-ports.ts';

/** What a function takes from its surroundings, once per container. */
export interface LambdaSurroundings {
  /** The clock of the coordination table. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

type Step<Input, Output> = (input: Input) => Promise<Output>;

/** Makes a step from the environment; called at the first invocation. */
export type CreateStep<Input, Output> = (
  environment: Environment,
  surroundings: LambdaSurroundings,
) => Step<Input, Output>;

/**
 * Wraps a step as a Lambda handler: reads the config beside the bundle once, logs the outcome with the operation's id,
 * and lets errors through under their own names, which is how a state machine knows them.
 */
export function lambdaHandler<Input, Output>(
  functionName: string,
  create: CreateStep<Input, Output>,
): (input: Input, context: Context) => Promise<Output> {
  return handle(functionName, (logger) => {
    const local = loadEnvironment();
    const telemetry = createTelemetry({ ...local, functionName }, logger);
    const { environment, clock } = onTableClock(local, { clock: systemClock, telemetry });
    return create(environment, { clock, telemetry });
  });
}

/** Makes a step of a fleet from the environment; called at the first invocation. */
export type CreateFleetStep<Input, Output> = (
  environment: FleetEnvironment,
  surroundings: LambdaSurroundings,
) => Step<Input, Output>;

/** The same for a step of a fleet, whose config is that of the fleet. */
export function fleetHandler<Input, Output>(
  functionName: string,
  create: CreateFleetStep<Input, Output>,
): (input: Input, context: Context) => Promise<Output> {
  return handle(functionName, (logger) => {
    const { config: fleet, ...place } = loadEnvironment<ResolvedFleet>();
    const owner = { config: { application: names.fleetApplication(fleet.fleet) }, region: place.region, functionName };
    return create({ fleet, ...place }, { clock: systemClock, telemetry: createTelemetry(owner, logger) });
  });
}

function handle<Input, Output>(
  functionName: string,
  create: (logger: Logger) => Step<Input, Output>,
): (input: Input, context: Context) => Promise<Output> {
  const logger = new Logger({ serviceName: serviceName(functionName) });
  let step: Step<Input, Output> | undefined;
  return async (input, context) => {
    logger.addContext(context);
    try {
      step ??= create(logger);
      const output = await step(input);
      logger.info('done', { operationId: operationIdOf(input) });
      return output;
    } catch (error) {
      logger.error('failed', { operationId: operationIdOf(input), ...describe(error) });
      throw error;
    }
  };
}

/** The clock of the machine. */
const systemClock: Clock = {
  nowEpochMs: () => Date.now(),
  sleep: async (milliseconds) => {
    await sleep(Math.max(0, milliseconds));
  },
};

/**
 * The config beside the bundle and the three facts that only the deployment knows. The config is as the synthesis that
 * judged it wrote it: judging it again would take a tenth of a cold start, and the schema library a quarter of a bundle.
 */
function loadEnvironment<Config = ResolvedConfig>(): Omit<Environment, 'config'> & { readonly config: Config } {
  const config: Config = JSON.parse(readFileSync(new URL('./config.json', import.meta.url), 'utf8'));
  return {
    config,
    region: required('AWS_REGION'),
    deployment: { account: required('SWITCHYARD_ACCOUNT'), partition: required('SWITCHYARD_PARTITION') },
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  throw new SwitchyardError(
    `the environment variable ${name} is not set; deploy the function with the stacks of this project`,
    {
      code: 'ENVIRONMENT_INCOMPLETE',
      source: 'defect',
    },
  );
}

/**
 * Metrics as structured log lines (embedded metric format): no call that could fail or be slow. Each is written when it is told,
 * not when the invocation ends, since an alarm looks at the minute that the line belongs to.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Alarms.html
 */
export function createTelemetry(owner: CounterOwner, logger: Pick<Logger, 'error' | 'info'>): Telemetry {
  const { namespace, dimensions } = counterMetric(owner);
  const { service, ...defaultDimensions } = dimensions;
  const metrics = new Metrics({ namespace, serviceName: service, defaultDimensions, singleMetric: true });
  const count: Telemetry['count'] = (counter, value) => metrics.addMetric(counter, 'Count', value);
  return {
    count,
    measure: ({ region, values }) => {
      const { dimensions: ofRegion } = regionMetric(owner.config, region);
      const together = new Metrics({ namespace });
      // A value that speaks of a Region is the same whichever function tells it.
      together.clearDefaultDimensions();
      together.setDefaultDimensions({ ...ofRegion });
      for (const [name, value] of Object.entries(values)) together.addMetric(name, unitOf(name), value);
      together.publishStoredMetrics();
    },
    failed: (counter, error) => {
      logger.error(counter, describe(error));
      count(counter, 1);
    },
    log: (what, facts) => logger.info(what, facts),
  };
}

function operationIdOf(input: unknown): string | undefined {
  const operation =
    typeof input === 'object' && input !== null
      ? (input as { operation?: { operationId?: string } }).operation
      : undefined;
  return operation?.operationId;
}

function describe(error: unknown): Readonly<Record<string, unknown>> {
  // One field for both: the logger keeps `message` for the line's own, and drops another one.
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return error instanceof SwitchyardError ? { error: text, code: error.code, context: error.context } : { error: text };
}
