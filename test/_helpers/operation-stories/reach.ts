import { OperationError } from '../../../core/operation/errors.ts';
import type { Coordination } from '../../../core/ports.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Call } from './story.ts';

/** How long a client waits for an answer: `requestTimeoutMs` of its calls. */
const GIVES_UP_AFTER_MS = 2_000;

/** A process that calls the table; dead, none of its calls is made or answered any more. */
export interface Process {
  dead: boolean;
  calls: number;
}

/** A process that lives. */
export function createProcess(): Process {
  return { dead: false, calls: 0 };
}

/** In which of its calls a process stops, and whether the table still gets that one. */
export interface Stop {
  readonly atCall: number | null;
  readonly afterServed: boolean;
}

/** Hands out what becomes of each call, over and over. */
export function inTurn<T>(given: readonly T[]): () => T {
  let next = 0;
  return () => given[next++ % given.length] as T;
}

/** The table as a process reaches it: every call is served at a moment of its own, and perhaps answered. */
export function reach(
  table: Coordination,
  {
    time,
    process,
    nextCall,
    stop = { atCall: null, afterServed: false },
  }: {
    readonly time: VirtualTime;
    readonly process: Process;
    readonly nextCall: () => Call;
    readonly stop?: Stop;
  },
): Coordination {
  const through = async <T>(serve: () => Promise<T>): Promise<T> => {
    const { servedAfterMs, answeredAfterMs, fate } = nextCall();
    const stops = process.calls++ === stop.atCall;
    if (process.dead || (stops && !stop.afterServed)) return die(process);
    const served = time.after(servedAfterMs).then(serve);
    if (stops) return die(process);
    if (fate !== 'answered') await time.after(GIVES_UP_AFTER_MS);
    if (fate === 'lost') throw new OperationError('TransientPlatformError', 'no answer in time', { retryable: true });
    await served;
    const answer = fate === 'twice' ? await serve() : await served;
    await time.after(answeredAfterMs);
    return process.dead ? die(process) : answer;
  };
  return new Proxy(table, {
    get: (target, method) => {
      const found: unknown = Reflect.get(target, method);
      return typeof found === 'function' ? (...given: unknown[]) => through(() => found(...given)) : found;
    },
  });
}

function die(process: Process): Promise<never> {
  process.dead = true;
  return new Promise(() => undefined);
}
