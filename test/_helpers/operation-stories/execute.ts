import { NO_FLEET } from '../../../core/fleet/call-fleet.ts';
import type { OperationRequest } from '../../../core/operation/request.ts';
import type { StepContext } from '../../../core/ports.ts';
import { createCloseOperation } from '../../../lambdas/close-operation/close-operation.ts';
import { createFenceSource } from '../../../lambdas/fence-source/fence-source.ts';
import { createOpenOperation } from '../../../lambdas/open-operation/open-operation.ts';
import { createRollBack } from '../../../lambdas/roll-back/roll-back.ts';
import { createShiftTraffic } from '../../../lambdas/shift-traffic/shift-traffic.ts';
import { createStartPromotion } from '../../../lambdas/start-promotion/start-promotion.ts';
import { type OpenedOperation, STEP_LIMITS, type Step, type StepInput } from '../../../state-machines/contracts.ts';
import { fakeMachines } from '../steps/fake-ports.ts';
import type { Run } from './history.ts';
import { createProcess, inTurn, reach } from './reach.ts';
import { STORY_CONFIG, type Stage } from './stage.ts';
import type { Asked, Call, Invocation } from './story.ts';

/** An execution of a machine. */
export interface Execution extends Omit<Asked, 'atSeconds' | 'way'> {
  readonly name: string;
  readonly request: OperationRequest;
}

type Context = StepContext<
  'coordination' | 'clock' | 'evacuation' | 'records' | 'dataTier' | 'functions' | 'fleet' | 'machines' | 'telemetry'
>;

/** The Retry of every Task for errors that pass by themselves: seconds before each further try. */
const RETRY_AFTER_SECONDS = [1, 2, 4];
const RETRIED = new Set(['TransientPlatformError', 'States.Timeout']);
/** A poll that never ends is no story. */
const MOST_POLLS = 60;

/** A machine that runs: what it takes its calls and its invocations from. */
interface Machine {
  readonly stage: Stage;
  readonly execution: Execution;
  readonly nextCall: () => Call;
  readonly nextInvocation: () => Invocation;
}

/** Runs the steps of an operation as its machine does, one after the other, with its retries and its roll back. */
export async function execute(stage: Stage, execution: Execution): Promise<void> {
  const nextInvocation = inTurn(execution.invocations);
  const machine: Machine = { stage, execution, nextCall: inTurn(execution.calls), nextInvocation };
  const end = await runStates(machine).catch((error: unknown) => (error as Error).name);
  stage.ends.set(execution.name, end);
}

async function runStates(machine: Machine): Promise<string> {
  const { name: executionName, kind, request, stoppedBefore } = machine.execution;
  if (stoppedBefore === 0) return 'stopped';
  const operation = await task(machine, 'open-operation', (context) =>
    createOpenOperation(context)({ kind, request, executionName, executionArn: `arn:of:${executionName}` }),
  );
  const states: readonly ((input: StepInput) => Promise<unknown>)[] = [
    (input) => poll(machine, 'fence-source', (context) => createFenceSource(context)(input)),
    (input) => task(machine, 'start-promotion', (context) => createStartPromotion(context)(input)),
    (input) => poll(machine, 'shift-traffic', (context) => createShiftTraffic(context)(input)),
    (input) =>
      task(machine, 'close-operation', (context) => createCloseOperation(context)({ ...input, status: 'SUCCEEDED' })),
  ];
  // A failback moves traffic by weights, which no right to commit depends on.
  const own = kind === 'failback' ? states.filter((_, index) => index !== 2) : states;
  for (const [index, state] of own.entries()) {
    if (stoppedBefore === index + 1) return 'stopped';
    const failed = await state({ operation }).then(
      () => undefined,
      (error: Error) => error,
    );
    if (failed?.name === 'OperationLostError') return failed.name;
    if (failed !== undefined) return rollBack(machine, operation, failed);
  }
  return 'SUCCEEDED';
}

async function rollBack(machine: Machine, operation: OpenedOperation, failed: Error): Promise<string> {
  const error = { Error: failed.name, Cause: failed.message };
  const { compensated } = await task(machine, 'roll-back', (context) => createRollBack(context)({ operation, error }));
  return compensated ? 'FAILED' : 'held';
}

async function poll(
  machine: Machine,
  step: Step,
  run: (context: Context) => Promise<{ done: boolean; waitSeconds: number }>,
): Promise<void> {
  for (let looks = 0; looks < MOST_POLLS; looks++) {
    const { done, waitSeconds } = await task(machine, step, run);
    if (done) return;
    await machine.stage.time.after(waitSeconds * 1000);
  }
  throw new Error(`${step} is not done after ${MOST_POLLS} looks`);
}

/** A Task state: a new process each time, ended by its timeout, tried again where that may help. */
async function task<T>(machine: Machine, step: Step, run: (context: Context) => Promise<T>): Promise<T> {
  for (const retryAfterSeconds of [...RETRY_AFTER_SECONDS, undefined]) {
    try {
      return await invoke(machine, step, run);
    } catch (error) {
      if (retryAfterSeconds === undefined || !RETRIED.has((error as Error).name)) throw error;
      await machine.stage.time.after(retryAfterSeconds * 1000);
    }
  }
  throw new Error('unreachable: the last try gives or throws');
}

async function invoke<T>(
  { stage, execution, nextCall, nextInvocation }: Machine,
  step: Step,
  run: (context: Context) => Promise<T>,
): Promise<T> {
  const { time, history } = stage;
  const { pauseSeconds, stopsAtCall: atCall, stopsAfterServed: afterServed } = nextInvocation();
  await time.after(pauseSeconds * 1000);
  const process = createProcess();
  const told: Run = { operationId: execution.name, process };
  const coordination = reach(history.seenBy(told), { time, process, nextCall, stop: { atCall, afterServed } });
  const ports = {
    coordination,
    clock: time.clock(execution.skewMs),
    machines: fakeMachines(),
    fleet: NO_FLEET,
    ...stage.outside,
  };
  const timedOut = time.after(STEP_LIMITS[step].timeoutSeconds * 1000).then((): never => {
    process.dead = true;
    throw Object.assign(new Error(`${step} took too long`), { name: 'States.Timeout' });
  });
  timedOut.catch(() => undefined);
  try {
    return await Promise.race([run({ config: STORY_CONFIG, region: execution.request.target, ports }), timedOut]);
  } finally {
    process.dead = true;
    history.ends(told);
  }
}
