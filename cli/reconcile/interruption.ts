/** Whether somebody asked the command to stop. */
export interface Interruption {
  readonly isAsked: () => boolean;
  /** Gives the signal back its ordinary meaning. */
  end(): void;
}

/** Waits for an interruption; the second one ends the process at once. */
export type AwaitInterruption = (onFirst: () => void) => Interruption;

/** Ctrl-C, or the SIGTERM of whoever runs the command. */
export const awaitSignals: AwaitInterruption = (onFirst) => {
  let asked = false;
  const stop = (): void => {
    asked = true;
    end();
    onFirst();
  };
  const end = (): void => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return { isAsked: () => asked, end };
};

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
