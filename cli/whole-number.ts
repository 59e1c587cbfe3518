import type { Problem } from '../core/errors.ts';

/** The whole numbers that an option takes. */
export interface WholeNumbers {
  readonly least: number;
  readonly most: number;
}

/** A number, or why there is none; neither where the option was left out. */
export interface ReadNumber {
  readonly value?: number;
  readonly problem?: Problem;
}

/** Reads the whole number of an option: decimal digits and nothing else, so no text stands for a number by accident. */
export function readWholeNumber(option: string, text: string | undefined, { least, most }: WholeNumbers): ReadNumber {
  if (text === undefined) return {};
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return { value };
  const allowed = `a whole number from ${least} to ${most}`;
  return {
    problem: { path: option, message: 'is no whole number in range', value: text, allowed, remedy: 'correct it' },
  };
}
