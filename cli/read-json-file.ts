import { readFileSync } from 'node:fs';
import { RefusedInputError } from '../core/errors.ts';

/**
 * Reads a JSON file that a user named.
 *
 * @param subject what the file is to the command, e.g. `fixture`
 * @throws RefusedInputError where the file is missing, unreadable or not JSON
 */
export function readJsonFile(subject: string, path: string): unknown {
  const text = readText(subject, path);
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `the file is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new RefusedInputError(subject, [{ path, message, remedy: 'correct it where the message says' }]);
  }
}

function readText(subject: string, path: string): string {
  try {
    // A byte order mark, which some editors write, is no JSON.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new RefusedInputError(subject, [
      { path, message: `the file cannot be read${code}`, remedy: 'name a file that exists and may be read' },
    ]);
  }
}
