/**
 * A text (alarm rule, math expression) was refused at one place of it. Thrown inside a parser or evaluator and turned into
 * a returned problem at its edge; it never leaves this folder.
 */
export class PositionedProblem extends Error {
  override readonly name = 'PositionedProblem';
  /** Counts characters from 1. */
  readonly position: number;

  constructor(offset: number, message: string) {
    super(message);
    this.position = offset + 1;
  }
}

/** What was refused: `at position 10: expected AND or OR`. */
export interface Refusal {
  readonly position: number;
  readonly message: string;
}

/** Runs the work; a positioned problem becomes a value, anything else is a fault and goes on. */
export function orRefusal<T>(work: () => T): { readonly value: T } | { readonly refusal: Refusal } {
  try {
    return { value: work() };
  } catch (error) {
    if (!(error instanceof PositionedProblem)) throw error;
    return { refusal: { position: error.position, message: error.message } };
  }
}
