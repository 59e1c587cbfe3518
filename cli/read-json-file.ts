import { readFile } from 'node:fs/promises';
import { RefusedInputError } from '../core/errors.ts';

/** Reads a JSON file that the user named. A missing or unreadable file, and one that is not JSON, is a refused input. */
export async function readJsonFile(path: string, subject: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const message = `cannot be read (${reasonOf(cause)})`;
    throw new RefusedInputError(subject, [{ path, message, remedy: 'check the path' }]);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new RefusedInputError(subject, [{ path, message }]);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
