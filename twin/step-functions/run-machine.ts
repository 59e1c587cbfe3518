import { StateMachine } from 'aws-local-stepfunctions';
import type { Machine, Step } from '../../state-machines/contracts.ts';
import { DEFINITIONS, interpretable, tasksOf } from './definition.ts';
import { never } from './sandbox.ts';
import { namedError, type TaskTokens } from './task-tokens.ts';

/** Calls a step's function. Rejects with an error under the name that the function threw, its message in Lambda's form. */
export type InvokeStep = (step: Step, payload: unknown) => Promise<unknown>;

/** A state that has been entered and not left. */
export interface OpenState {
  readonly name: string;
  readonly input: unknown;
}

/** One run of a machine. */
export interface MachineRun {
  readonly result: Promise<unknown>;
  /** Ends the run; whoever was asked for an answer is asked no more. */
  abort(): void;
  /** The state it is in, or ended in: where a redrive begins. */
  openState(): OpenState | undefined;
}

/** What a run is given. */
export interface MachineRunSettings {
  readonly machine: Machine;
  readonly input: unknown;
  /** The state to begin with, as a redrive does. Where not given, the first. */
  readonly startAt?: string;
  readonly execution: { readonly Id: string; readonly Name: string };
  readonly tokens: TaskTokens;
  readonly invoke: InvokeStep;
  /** Time between two states. */
  readonly transition: () => Promise<void>;
  readonly onStateEntered: (state: string) => void;
  /** A task has done all it had to do, and the machine does not know yet. False where nobody is there to learn of it. */
  readonly onTaskDone?: (state: string) => boolean;
}

type Json = Parameters<StateMachine['run']>[0];

/**
 * Runs a deployed definition, unchanged, in the interpreter: every Task calls the real step code through `invoke`, wrapped
 * as `lambda:invoke` wraps it.
 */
export function runMachine(settings: MachineRunSettings): MachineRun {
  const { machine, input, execution, tokens } = settings;
  const definition = DEFINITIONS[machine];
  // The interpreter reads the context object by property: a getter gives every task its own token.
  let token = '';
  const tokenOf = new Map<string, string>();
  const context = {
    Execution: execution,
    Task: {
      get Token() {
        token = tokens.issue();
        return token;
      },
    },
  };
  const known = (state: string, output: unknown): Json | Promise<Json> =>
    settings.onTaskDone?.(state) === false ? never<Json>() : (output as Json);
  const handlers = tasksOf(definition).map(({ state, step, waitsForToken, timeoutPath }) => {
    const handler = async (parameters: Json): Promise<Json> => {
      const issued = token;
      await settings.transition();
      const { Payload } = parameters as { Payload: unknown };
      if (!waitsForToken)
        return known(state, { Payload: (await settings.invoke(step, Payload)) ?? null, StatusCode: 200 });
      tokenOf.set(state, issued);
      const answer = tokens.wait(issued);
      const answered = inTime(answer, limitOf(Payload, timeoutPath));
      await Promise.all([settings.invoke(step, Payload), answered]);
      return known(state, await answered);
    };
    return [state, handler] as const;
  });
  // Substitutions are filled in at deployment; the interpreter's own validation does not know them.
  const begun = { ...interpretable(definition), StartAt: settings.startAt ?? definition.StartAt };
  const run = new StateMachine(begun as unknown as ConstructorParameters<typeof StateMachine>[0], {
    validationOptions: { noValidate: true },
  }).run(input as Json, { context, overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) } });
  let open: OpenState | undefined;
  void followStates(run.eventLogs, {
    entered: (state) => {
      open = state;
      settings.onStateEntered(state.name);
    },
    left: (state) => tokens.expire(tokenOf.get(state)),
  });
  const abort = (): void => {
    run.abort();
    tokens.expire(tokenOf.get(open?.name ?? ''));
  };
  return { result: run.result, abort, openState: () => open };
}

/** Seconds that a payload gives its task; undefined where the definition itself has the number. */
function limitOf(payload: unknown, path: readonly string[] | undefined): number | undefined {
  const found = path?.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], payload);
  return typeof found === 'number' ? found : undefined;
}

/** The answer, or `States.Timeout` once the limit is over. */
async function inTime<T>(answer: Promise<T>, limitSeconds: number | undefined): Promise<T> {
  if (limitSeconds === undefined) return answer;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(namedError('States.Timeout', 'States.Timeout')), limitSeconds * 1000);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function followStates(
  events: AsyncGenerator<{ readonly type: string }>,
  { entered, left }: { readonly entered: (state: OpenState) => void; readonly left: (state: string) => void },
): Promise<void> {
  for await (const event of events) {
    if (!('state' in event)) continue;
    const { name, input } = event.state as OpenState;
    if (event.type === 'StateEntered') entered({ name, input });
    if (event.type === 'StateExited' || event.type === 'StateCaught') left(name);
  }
}
