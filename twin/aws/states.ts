import type {
  DescribeExecutionInput,
  RedriveExecutionInput,
  SendTaskFailureInput,
  SendTaskSuccessInput,
  StartExecutionInput,
  StopExecutionInput,
} from '@aws-sdk/client-sfn';
import { FLEET_MACHINES, MACHINES } from '../../state-machines/contracts.ts';
import { type AnyMachine, type AnyStep, RECONCILE_MACHINE } from '../../state-machines/contracts-reconcile.ts';
import { type CrashPoint, createCrashPlan, isCrashable } from '../step-functions/crash-point.ts';
import type { ReadObject } from '../step-functions/item-reader.ts';
import { type MachineRun, type OpenState, runMachine } from '../step-functions/run-machine.ts';
import { createSandbox, type Sandbox } from '../step-functions/sandbox.ts';
import { createTaskTokens, type TaskTokens } from '../step-functions/task-tokens.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** One execution, as its history shows it. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** Whose machine it is: an application, or `fleet-` and the name of a fleet. */
  readonly application: string;
  readonly machine: AnyMachine;
  readonly region: string;
  readonly input: string;
  readonly startedAtMs: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  error?: string;
  cause?: string;
  /** When it last ended. */
  endedAtMs?: number;
  /** How often it has been redriven. */
  redriveCount: number;
  readonly states: { readonly atMs: number; readonly state: string }[];
}

/** State machines of every Region. */
export interface StepFunctionsTwin {
  readonly handlers: ServiceHandlers;
  executions(): readonly Execution[];
  /** Has a machine killed the first time that it comes by a point from now on, or no longer. */
  setCrash(point: CrashPoint, on: boolean): void;
}

/** What the machines run on. */
export interface StepFunctionsSettings {
  readonly now: () => number;
  readonly invoke: (execution: Execution, step: AnyStep, payload: unknown, sandbox: Sandbox) => Promise<unknown>;
  /** Reads the objects that Maps take their items from. */
  readonly readObject: ReadObject;
  /** Time between two states of an execution in that Region. */
  readonly transition: (region: string) => Promise<void>;
  /** Told of every start; throws where it is throttled. */
  readonly onStart?: (region: string) => void;
  readonly onStateEntered: (execution: Execution, state: string) => void;
  /** A task has returned, and so many of its calls changed something. */
  readonly onTaskDone: (execution: Execution, task: { readonly state: string; readonly effects: number }) => void;
  /** An execution came to an end of any kind. */
  readonly onEnded: (execution: Execution) => void;
}

/** An execution's present run. */
interface Life {
  readonly run: MachineRun;
  readonly sandbox: Sandbox;
}

/** Executions can be redriven within this many days: https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html */
const REDRIVABLE_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * Standard workflows: a name is taken for good, and a start with a running execution's name and input is that execution.
 * A killed one is stopped, with everything that it had set going.
 */
export function createStepFunctionsTwin(settings: StepFunctionsSettings): StepFunctionsTwin {
  const executions = new Map<string, Execution>();
  const lives = new Map<string, Life>();
  const tokens = new Map<string, TaskTokens>();
  const plan = createCrashPlan();
  const tokensOf = (region: string): TaskTokens => {
    const known = tokens.get(region) ?? createTaskTokens();
    tokens.set(region, known);
    return known;
  };
  const kill = (execution: Execution): void => {
    execution.status = 'ABORTED';
    const life = lives.get(execution.arn);
    life?.sandbox.kill();
    life?.run.abort();
  };
  const live = (execution: Execution, from?: OpenState): void => {
    lives.set(
      execution.arn,
      begin({ settings, tokens: tokensOf(execution.region), plan, kill: () => kill(execution) }, execution, from),
    );
  };
  const find = (arn: string | undefined): Execution => {
    const found = executions.get(arn ?? '');
    if (found === undefined) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return found;
  };
  return {
    executions: () => [...executions.values()],
    setCrash: plan.set,
    handlers: {
      StartExecution: (input: StartExecutionInput, { region }: AwsCall) => {
        settings.onStart?.(region);
        const execution = newExecution(input, { region, startedAtMs: settings.now() });
        const known = executions.get(execution.arn);
        if (known?.status === 'RUNNING' && known.input === execution.input) return startedAs(known);
        if (known !== undefined)
          throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${known.arn}'`);
        executions.set(execution.arn, execution);
        live(execution);
        return startedAs(execution);
      },
      DescribeExecution: ({ executionArn }: DescribeExecutionInput) => describe(find(executionArn)),
      StopExecution: ({ executionArn }: StopExecutionInput) => {
        const execution = find(executionArn);
        if (execution.status === 'RUNNING') kill(execution);
        return { stopDate: new Date(execution.endedAtMs ?? settings.now()) };
      },
      RedriveExecution: ({ executionArn }: RedriveExecutionInput) => {
        const execution = find(executionArn);
        refuseRedrive(execution, settings.now());
        const open = lives.get(execution.arn)?.run.openState();
        execution.status = 'RUNNING';
        execution.redriveCount += 1;
        live(execution, open);
        return { redriveDate: new Date(settings.now()) };
      },
      SendTaskSuccess: ({ taskToken, output }: SendTaskSuccessInput, { region }: AwsCall) => {
        tokensOf(region).succeed(taskToken ?? '', output ?? 'null');
        return {};
      },
      SendTaskFailure: ({ taskToken, error, cause }: SendTaskFailureInput, { region }: AwsCall) => {
        tokensOf(region).fail(taskToken ?? '', error ?? 'States.TaskFailed', cause ?? '');
        return {};
      },
    },
  };
}

interface Beginning {
  readonly settings: StepFunctionsSettings;
  readonly tokens: TaskTokens;
  readonly plan: ReturnType<typeof createCrashPlan>;
  readonly kill: () => void;
}

/** Runs an execution from its start, or from the state that it was in when it ended. */
function begin({ settings, tokens, plan, kill }: Beginning, execution: Execution, from?: OpenState): Life {
  const { machine } = execution;
  let effects = 0;
  const dies = (point: Omit<CrashPoint, 'machine'>): boolean => {
    if (!isCrashable(machine)) return false;
    const taken = plan.takes({ ...point, machine });
    if (taken) kill();
    return taken;
  };
  const sandbox = createSandbox((state, call) => {
    effects = call;
    dies({ state, point: 'call', call });
  });
  const run = runMachine<AnyStep>({
    machine,
    input: from === undefined ? JSON.parse(execution.input) : from.input,
    ...(from === undefined ? {} : { startAt: from.name }),
    execution: { Id: execution.arn, Name: execution.name },
    tokens,
    invoke: (step, payload) => settings.invoke(execution, step, payload, sandbox),
    readObject: settings.readObject,
    transition: () => settings.transition(execution.region),
    onStateEntered: (state) => {
      execution.states.push({ atMs: settings.now(), state });
      settings.onStateEntered(execution, state);
      effects = 0;
      sandbox.enter(state);
      dies({ state, point: 'before' });
    },
    onTaskDone: (state) => {
      settings.onTaskDone(execution, { state, effects });
      return !dies({ state, point: 'after' }) && !sandbox.isDead();
    },
  });
  void run.result
    .then(
      () => end(execution, 'SUCCEEDED'),
      (error: Error) => end(execution, execution.status === 'ABORTED' ? 'ABORTED' : 'FAILED', error),
    )
    .then(() => {
      execution.endedAtMs = settings.now();
      settings.onEnded(execution);
    });
  return { run, sandbox };
}

/**
 * Reasons as `DescribeExecution` gives them.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html
 */
function refuseRedrive({ status, endedAtMs }: Execution, nowMs: number): void {
  if (status === 'RUNNING' || status === 'SUCCEEDED')
    throw new ServiceError('ExecutionNotRedrivable', `Execution is ${status} and cannot be redriven`);
  if (nowMs - (endedAtMs ?? nowMs) > REDRIVABLE_DAYS * DAY_MS)
    throw new ServiceError('ExecutionNotRedrivable', 'Execution redrivable period exceeded');
}

function newExecution(
  { stateMachineArn = '', name = '', input = '{}' }: StartExecutionInput,
  { region, startedAtMs }: { region: string; startedAtMs: number },
): Execution {
  const machine = ([...MACHINES, ...FLEET_MACHINES, RECONCILE_MACHINE] as readonly AnyMachine[]).find((candidate) =>
    stateMachineArn.endsWith(`-${candidate}`),
  );
  if (machine === undefined)
    throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  // As names.stateMachine puts it together.
  const application = stateMachineArn.slice(
    stateMachineArn.indexOf('switchyard-') + 'switchyard-'.length,
    -machine.length - 1,
  );
  const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  return {
    arn,
    name,
    application,
    machine,
    region,
    input,
    startedAtMs,
    status: 'RUNNING',
    redriveCount: 0,
    states: [],
  };
}

function startedAs({ arn, startedAtMs }: Execution) {
  return { executionArn: arn, startDate: new Date(startedAtMs) };
}

function describe({ arn, name, status, input, startedAtMs, error, cause }: Execution) {
  return { executionArn: arn, name, status, input, startDate: new Date(startedAtMs), error, cause };
}

/** The interpreter wraps the error of a Fail state, or of an uncaught fault, in its own. */
function end(execution: Execution, status: Execution['status'], error?: Error): void {
  execution.status = status;
  const cause = error?.cause instanceof Error ? error.cause : error;
  if (cause === undefined) return;
  execution.error = cause.name;
  execution.cause = cause.message;
}
