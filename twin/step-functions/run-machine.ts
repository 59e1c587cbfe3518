import { StateMachine } from 'aws-local-stepfunctions';
import type { Machine, Step } from '../../state-machines/contracts.ts';
import { DEFINITIONS, interpretable, tasksOf } from './definition.ts';
import { namedError, type TaskTokens } from './task-tokens.ts';

/** Calls a step's function. Rejects with an error under the name that the function threw, its message in Lambda's form. */
export type InvokeStep = (step: Step, payload: unknown) => Promise<unknown>;

/** One run of a machine. */
export interface MachineRun {
  readonly result: Promise<unknown>;
  abort(): void;
}

/** What a run is given. */
export interface MachineRunSettings {
  readonly machine: Machine;
  readonly input: unknown;
  readonly execution: { readonly Id: string; readonly Name: string };
  readonly tokens: TaskTokens;
  readonly invoke: InvokeStep;
  /** Time between two states. */
  readonly transition: () => Promise<void>;
  readonly onStateEntered: (state: string) => void;
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
  const handlers = tasksOf(definition).map(({ state, step, waitsForToken, timeoutPath }) => {
    const handler = async (parameters: Json): Promise<Json> => {
      const issued = token;
      await settings.transition();
      const { Payload } = parameters as { Payload: unknown };
      if (!waitsForToken) return { Payload: (await settings.invoke(step, Payload)) ?? null, StatusCode: 200 } as Json;
      tokenOf.set(state, issued);
      const answer = tokens.wait(issued);
      const answered = inTime(answer, limitOf(Payload, timeoutPath));
      await Promise.all([settings.invoke(step, Payload), answered]);
      return (await answered) as Json;
    };
    return [state, handler] as const;
  });
  // Substitutions are filled in at deployment; the interpreter's own validation does not know them.
  const run = new StateMachine(interpretable(definition) as unknown as ConstructorParameters<typeof StateMachine>[0], {
    validationOptions: { noValidate: true },
  }).run(input as Json, { context, overrides: { taskResourceLocalHandlers: Object.fromEntries(handlers) } });
  void followStates(run.eventLogs, {
    entered: settings.onStateEntered,
    left: (state) => tokens.expire(tokenOf.get(state)),
  });
  return { result: run.result, abort: run.abort };
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
  { entered, left }: { readonly entered: (state: string) => void; readonly left: (state: string) => void },
): Promise<void> {
  for await (const event of events) {
    const state = 'state' in event ? (event.state as { name: string }).name : '';
    if (event.type === 'StateEntered') entered(state);
    if (event.type === 'StateExited' || event.type === 'StateCaught') left(state);
  }
}
