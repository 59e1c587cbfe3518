import type {
  DescribeExecutionInput,
  SendTaskFailureInput,
  SendTaskSuccessInput,
  StartExecutionInput,
  StopExecutionInput,
} from '@aws-sdk/client-sfn';
import {
  FLEET_MACHINES,
  type FleetMachine,
  type FleetStep,
  MACHINES,
  type Machine,
  type Step,
} from '../../state-machines/contracts.ts';
import { type MachineRun, runMachine } from '../step-functions/run-machine.ts';
import { createTaskTokens, type TaskTokens } from '../step-functions/task-tokens.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** One execution, as its history shows it. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** Whose machine it is: an application, or `fleet-` and the name of a fleet. */
  readonly application: string;
  readonly machine: Machine | FleetMachine;
  readonly region: string;
  readonly input: string;
  readonly startedAtMs: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  error?: string;
  cause?: string;
  readonly states: { readonly atMs: number; readonly state: string }[];
}

/** State machines of every Region. */
export interface StepFunctionsTwin {
  readonly handlers: ServiceHandlers;
  executions(): readonly Execution[];
}

/** What the machines run on. */
export interface StepFunctionsSettings {
  readonly now: () => number;
  readonly invoke: (execution: Execution, step: Step | FleetStep, payload: unknown) => Promise<unknown>;
  /** Time between two states of an execution in that Region. */
  readonly transition: (region: string) => Promise<void>;
  /** Told of every start; throws where it is throttled. */
  readonly onStart?: (region: string) => void;
  readonly onStateEntered: (execution: Execution, state: string) => void;
}

/** Standard workflows: a name is taken for good, and a start with a running execution's name and input is that execution. */
export function createStepFunctionsTwin(settings: StepFunctionsSettings): StepFunctionsTwin {
  const executions = new Map<string, Execution>();
  const runs = new Map<string, MachineRun>();
  const tokens = new Map<string, TaskTokens>();
  const tokensOf = (region: string): TaskTokens => {
    const known = tokens.get(region) ?? createTaskTokens();
    tokens.set(region, known);
    return known;
  };
  const start = (execution: Execution): void => {
    const run = runMachine<Step | FleetStep>({
      machine: execution.machine,
      input: JSON.parse(execution.input),
      execution: { Id: execution.arn, Name: execution.name },
      tokens: tokensOf(execution.region),
      invoke: (step, payload) => settings.invoke(execution, step, payload),
      transition: () => settings.transition(execution.region),
      onStateEntered: (state) => {
        execution.states.push({ atMs: settings.now(), state });
        settings.onStateEntered(execution, state);
      },
    });
    runs.set(execution.arn, run);
    void run.result.then(
      () => end(execution, 'SUCCEEDED'),
      (error: Error) => end(execution, execution.status === 'ABORTED' ? 'ABORTED' : 'FAILED', error),
    );
  };
  const find = (arn: string | undefined): Execution => {
    const found = executions.get(arn ?? '');
    if (found === undefined) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return found;
  };
  return {
    executions: () => [...executions.values()],
    handlers: {
      StartExecution: (input: StartExecutionInput, { region }: AwsCall) => {
        settings.onStart?.(region);
        const execution = newExecution(input, { region, startedAtMs: settings.now() });
        const known = executions.get(execution.arn);
        if (known?.status === 'RUNNING' && known.input === execution.input) return startedAs(known);
        if (known !== undefined)
          throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${known.arn}'`);
        executions.set(execution.arn, execution);
        start(execution);
        return startedAs(execution);
      },
      DescribeExecution: ({ executionArn }: DescribeExecutionInput) => describe(find(executionArn)),
      StopExecution: ({ executionArn }: StopExecutionInput) => {
        const execution = find(executionArn);
        execution.status = 'ABORTED';
        runs.get(execution.arn)?.abort();
        return { stopDate: new Date(settings.now()) };
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

function newExecution(
  { stateMachineArn = '', name = '', input = '{}' }: StartExecutionInput,
  { region, startedAtMs }: { region: string; startedAtMs: number },
): Execution {
  const machine = [...MACHINES, ...FLEET_MACHINES].find((candidate) => stateMachineArn.endsWith(`-${candidate}`));
  if (machine === undefined)
    throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  // As names.stateMachine puts it together.
  const application = stateMachineArn.slice(
    stateMachineArn.indexOf('switchyard-') + 'switchyard-'.length,
    -machine.length - 1,
  );
  const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  return { arn, name, application, machine, region, input, startedAtMs, status: 'RUNNING', states: [] };
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
