import * as z from 'zod';

/** A text of 1 to `longest` characters without ASCII control characters, as the API wants its names. */
export function printableText(longest: number) {
  return z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => ![...text].some(isControlCharacter), 'must not contain ASCII control characters');
}

function isControlCharacter(character: string): boolean {
  return character < ' ' || character === '\u007f';
}
