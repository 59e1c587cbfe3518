import { StateMachine } from 'aws-local-stepfunctions';
import type { Step } from '../../state-machines/contracts.ts';
import type { AnyMachine, AnyStep } from '../../state-machines/contracts-reconcile.ts';
import { DEFINITIONS, interpretable, type MachineDefinition, tasksOf } from './definition.ts';
import { isMap, runDistributedMap } from './distributed-map.ts';
import type { ReadObject } from './item-reader.ts';
import { never } from './sandbox.ts';
import { namedError, type TaskTokens } from './task-tokens.ts';

/** Calls a step's function. Rejects with an error under the name that the function threw, its message in Lambda's form. */
export type InvokeStep<S extends AnyStep = Step> = (step: S, payload: unknown) => Promise<unknown>;

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
export interface MachineRunSettings<S extends AnyStep = Step> {
  readonly machine: AnyMachine;
  readonly input: unknown;
  /** The state to begin with, as a redrive does. Where not given, the first. */
  readonly startAt?: string;
  readonly execution: { readonly Id: string; readonly Name: string };
  readonly tokens: TaskTokens;
  readonly invoke: InvokeStep<S>;
  /** Reads the objects that Maps take their items from. @default - there are none */
  readonly readObject?: ReadObject;
  /** Time between two states. */
  readonly transition: () => Promise<void>;
  readonly onStateEntered: (state: string) => void;
  /** A task has done all it had to do, and the machine does not know yet. False where nobody is there to learn of it. */
  readonly onTaskDone?: (state: string) => boolean;
}

type Json = Parameters<StateMachine['run']>[0];

/**
 * Runs a deployed definition, unchanged, in the interpreter: every Task calls the real step code through `invoke`, wrapped
 * as `lambda:invoke` wraps it; a distributed Map runs its children as executions of their own.
 */
export function runMachine<S extends AnyStep = Step>(settings: MachineRunSettings<S>): MachineRun {
  return runDefinition(DEFINITIONS[settings.machine], settings);
}

function runDefinition<S extends AnyStep>(definition: MachineDefinition, settings: MachineRunSettings<S>): MachineRun {
  const { input, execution, tokens } = settings;
  // The interpreter reads the context object by property: getters give every task its own token, every state its time.
  let token = '';
  const tokenOf = new Map<string, string>();
  const context = {
    Execution: execution,
    State: {
      get EnteredTime() {
        return new Date().toISOString();
      },
    },
    Task: {
      get Token() {
        token = tokens.issue();
        return token;
      },
    },
  };
  const known = (state: string, output: unknown): Json | Promise<Json> =>
    settings.onTaskDone?.(state) === false ? never<Json>() : (output as Json);
  const ownTasks = tasksOf<S>(definition).filter(({ state }) => state in definition.States);
  const handlers = ownTasks.map(({ state, step, waitsForToken, timeoutPath }) => {
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
  }).run(input as Json, {
    context,
    overrides: { taskResourceLocalHandlers: Object.fromEntries([...handlers, ...mapHandlers(definition, settings)]) },
  });
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

type Handler = (parameters: Json) => Promise<Json>;

/** Children are executions of their own: what they enter is not in the history of their parent. */
function mapHandlers<S extends AnyStep>(
  definition: MachineDefinition,
  settings: MachineRunSettings<S>,
): readonly (readonly [string, Handler])[] {
  const { execution, transition, readObject = () => undefined } = settings;
  return Object.entries(definition.States).flatMap(([name, state]) => {
    if (!isMap(state)) return [];
    const startChild = (input: unknown, index: number): MachineRun => {
      const Id = `${execution.Id}/${state.Label}:${index}`;
      const { startAt: _, onTaskDone: __, ...rest } = settings;
      const child = { ...rest, input, execution: { Id, Name: `${index}` }, onStateEntered: () => undefined };
      return runDefinition(state.ItemProcessor, child);
    };
    const handler: Handler = async (parameters) => {
      await transition();
      return (await runDistributedMap(state, parameters, { startChild, read: readObject })) as Json;
    };
    return [[name, handler] as const];
  });
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
