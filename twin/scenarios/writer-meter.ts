import type { ApplicationState } from '../../core/operation/application-state.ts';

/** Watches who may write once an operation is over. */
export interface WriterMeter {
  observe(state: ApplicationState): void;
  /** Operations that gave the application back with nobody who may write, and no person asked to see to it. */
  readonly leftWithoutWriter: readonly string[];
}

/** A meter that has seen nothing yet. */
export function createWriterMeter(): WriterMeter {
  const leftWithoutWriter: string[] = [];
  let holding: string | null = null;
  return {
    leftWithoutWriter,
    observe: ({ operationId, writerRegion, phase }) => {
      const ended = operationId === null ? holding : null;
      holding = operationId;
      if (ended !== null && writerRegion === null && phase !== 'NEEDS_OPERATOR') leftWithoutWriter.push(ended);
    },
  };
}
