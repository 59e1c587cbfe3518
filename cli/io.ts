/** The command line's one way out: results on `out`, progress and complaints on `err`. Library code never prints. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** One line on `err` that the next one replaces where the terminal can; empty clears it. */
  progress(text: string): void;
  /** True where `err` is a terminal that can redraw a line. */
  readonly interactive: boolean;
  /** True where `out` is a terminal: a person reads it, and no program. */
  readonly readByPerson: boolean;
}

/**
 * 0 done, 1 failed, 2 input refused, 3 an operation refused or declined, 4 drift found; 130, as a shell reports a program
 * that SIGINT ended, where a person stopped what can be gone on with.
 */
export const EXIT = { done: 0, failed: 1, inputRefused: 2, operationRefused: 3, drift: 4, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** As a shell reports a program that SIGPIPE ended: nobody reads the result, so it says neither done nor failed. */
const NOBODY_READS = 141;

/** Back to the beginning of the line, which is erased. */
const CLEAR_LINE = '\r\u001b[K';

/** The process's own streams. A stream that breaks ends the command, or only its progress, without a stack trace. */
export function processIo(): Io {
  const { stdout, stderr } = process;
  stdout.on('error', endOnBrokenOutput);
  // Who closes it wants no more progress and no complaints; the result is still asked for.
  stderr.on('error', () => undefined);
  let isLineDrawn = false;
  return {
    out: (text) => void stdout.write(`${text}\n`),
    // A line of progress that stands there gives way, and is drawn again below.
    err: (text) => {
      stderr.write(`${isLineDrawn ? CLEAR_LINE : ''}${text}\n`);
      isLineDrawn = false;
    },
    progress: (text) => {
      isLineDrawn = stderr.isTTY === true && text !== '';
      if (stderr.isTTY === true) stderr.write(`${CLEAR_LINE}${text}`);
      else if (text !== '') stderr.write(`${text}\n`);
    },
    interactive: stderr.isTTY === true,
    readByPerson: stdout.isTTY === true,
  };
}

/** A reader that has enough (`| head`) is no fault; anything else, such as a full disk, has lost the result. */
function endOnBrokenOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(NOBODY_READS);
  process.stderr.write(`standard output cannot be written (${error.code ?? error.message})\n`);
  process.exit(EXIT.failed);
}
