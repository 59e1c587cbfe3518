import { RefusedInputError } from './errors.ts';

/** How files are reached, by whoever may: here nothing is read. A function throws with a `code`, as Node does. */
export interface InputFiles {
  isFolder(path: string): boolean;
  readText(path: string): string;
}

/** A file that a user named. */
export interface InputFile {
  /** What the file is to the command, e.g. `the fixture`. */
  readonly subject: string;
  readonly path: string;
  /** What to do where there is no such file. @default 'name a file that exists and may be read' */
  readonly remedy?: string;
  /** Code of the refusal. @default 'INPUT_REFUSED' */
  readonly code?: string;
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Makes sure that a path leads to a file.
 *
 * @throws {RefusedInputError} where the path is empty, leads nowhere or to a folder
 */
export function assertFile(files: InputFiles, file: InputFile): void {
  if (file.path === '') throw refusal(file, 'the path of the file is empty');
  if (attempt(file, () => files.isFolder(file.path))) throw refusal(file, 'is a folder');
}

/**
 * Reads a file of text, without the byte order mark that some editors write.
 *
 * @throws {RefusedInputError} where the file is missing or unreadable
 */
export function readTextInput(files: InputFiles, file: InputFile): string {
  assertFile(files, file);
  const text = attempt(file, () => files.readText(file.path));
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/**
 * Reads a file of JSON.
 *
 * @throws {RefusedInputError} where the file is missing, unreadable or not JSON
 */
export function readJsonInput(files: InputFiles, file: InputFile): unknown {
  const text = readTextInput(files, file);
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `the file is not JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw refusal({ ...file, remedy: 'correct it where the message says' }, message);
  }
}

/** The refusal of a file as a whole. */
export function refusal(
  { subject, path, remedy, code }: InputFile,
  message: string,
  value?: unknown,
): RefusedInputError {
  const problem = { path, message, remedy: remedy ?? 'name a file that exists and may be read' };
  return new RefusedInputError(subject, [value === undefined ? problem : { ...problem, value }], code);
}

function attempt<T>(file: InputFile, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw refusal(file, `the file cannot be read${code}`);
  }
}
