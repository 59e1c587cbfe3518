import type { Io } from '../../cli/io.ts';

/** An output port that keeps what was said. */
export interface RecordingIo extends Io {
  readonly output: string;
  readonly errors: string;
}

export function recordingIo(): RecordingIo {
  const output: string[] = [];
  const errors: string[] = [];
  return {
    interactive: false,
    readByPerson: false,
    out: (text) => void output.push(text),
    err: (text) => void errors.push(text),
    progress: () => undefined,
    get output() {
      return output.join('\n');
    },
    get errors() {
      return errors.join('\n');
    },
  };
}
