/** The command line's one way out: results on `out`, progress and complaints on `err`. Library code never prints. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** One line on `err` that the next one replaces where the terminal can; empty clears it. */
  progress(text: string): void;
  /** True where `err` is a terminal that can redraw a line. */
  readonly interactive: boolean;
}

/** 0 done, 1 failed, 2 input refused, 3 an operation refused or declined, 4 drift found. */
export const EXIT = { done: 0, failed: 1, inputRefused: 2, operationRefused: 3, drift: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The process's own streams. */
export function processIo(): Io {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    progress: (text) => {
      if (process.stderr.isTTY === true) process.stderr.write(`\r\u001b[K${text}`);
      else if (text !== '') process.stderr.write(`${text}\n`);
    },
    interactive: process.stderr.isTTY === true,
  };
}
