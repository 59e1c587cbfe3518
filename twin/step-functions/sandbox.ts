/** A call of the AWS API, as far as it matters here. */
export interface CallOfSandbox {
  readonly operation: string;
}

/** Where the handlers of one run of a machine live: they, and all that they are waiting for, end with it. */
export interface Sandbox {
  isDead(): boolean;
  /** From here on nothing that lives in it makes a call or learns of an answer. */
  kill(): void;
  /** The state whose handler runs. */
  enter(state: string): void;
  /** A call of the API has taken effect; its caller does not know yet. */
  tookEffect(call: CallOfSandbox): void;
}

/** Told of the n-th call of a state that changed something, from 1, before its answer is on the way. */
export type OnEffect = (state: string, call: number) => void;

/** Operations with these beginnings change nothing: to die after one of them is to die before the next. */
const READING = /^(Get|List|Describe|Query|Head)/;

/** An empty sandbox. */
export function createSandbox(onEffect: OnEffect): Sandbox {
  let dead = false;
  let state = '';
  let effects = 0;
  return {
    isDead: () => dead,
    kill: () => {
      dead = true;
    },
    enter: (entered) => {
      state = entered;
      effects = 0;
    },
    tookEffect: ({ operation }) => {
      if (dead || READING.test(operation)) return;
      effects += 1;
      onEffect(state, effects);
    },
  };
}

/** What somebody waits for who is not there any more. */
export function never<T>(): Promise<T> {
  return new Promise(() => {});
}
