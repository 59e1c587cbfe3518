import { readFileSync, statSync } from 'node:fs';
import { type InputFiles, readJsonInput } from '../core/input-file.ts';

/** Files as Node reaches them. */
export const INPUT_FILES: InputFiles = {
  isFolder: (path) => statSync(path).isDirectory(),
  readText: (path) => readFileSync(path, 'utf8'),
};

/**
 * Reads a JSON file that a user named.
 *
 * @param subject what the file is to the command, e.g. `fixture`
 * @throws RefusedInputError where the file is missing, unreadable or not JSON
 */
export function readJsonFile(subject: string, path: string): unknown {
  return readJsonInput(INPUT_FILES, { subject, path });
}
