import { accessSync, constants, mkdirSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Problem, RefusedInputError, SwitchyardError } from '../core/errors.ts';

/** A file of the report. */
export interface ReportFile {
  readonly name: string;
  readonly text: string;
}

/** A folder that is ready to be written to. */
export interface ReportFolder {
  /** Removes what was made of it; for when something else is refused. */
  discard(): void;
  write(files: readonly ReportFile[]): void;
}

/**
 * Makes the folder and looks whether the files can be written there: told before the rehearsal, not after it.
 *
 * @throws {RefusedInputError} naming everything that is in the way; then nothing was left behind.
 */
export function prepareReportFolder(dir: string, names: readonly string[]): ReportFolder {
  if (dir === '') throw refused([{ path: '', message: 'the path of the folder is empty', remedy: REMEDY }]);
  const made: string[] = [];
  const discard = (): void => {
    for (const folder of made.splice(0).toReversed()) rmdirSync(folder);
  };
  try {
    makeFolder(resolve(dir), made);
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    discard();
    throw refused([{ path: dir, message: `cannot be written (${codeOf(error)})`, remedy: REMEDY }]);
  }
  const problems = names.flatMap((name) => problemsOf(join(dir, name)));
  if (problems.length > 0) throw refused(problems);
  return { discard, write: (files) => writeFiles(dir, files) };
}

const REMEDY = 'name a folder that may be written';

/** Folder by folder from above: a file system that knows no new folders refuses one, and Node's `recursive` never ends. */
function makeFolder(folder: string, made: string[]): void {
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found === undefined && dirname(folder) !== folder) makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
}

function problemsOf(path: string): readonly Problem[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  const remedy = 'move it away, or name another folder';
  if (!found.isFile()) return [{ path, message: 'is in the way of a file of the report', remedy }];
  try {
    accessSync(path, constants.W_OK);
    return [];
  } catch (error) {
    return [{ path, message: `cannot be written (${codeOf(error)})`, remedy }];
  }
}

function writeFiles(dir: string, files: readonly ReportFile[]): void {
  for (const { name, text } of files) {
    try {
      writeFileSync(join(dir, name), text);
    } catch (cause) {
      const message = `the report ${join(dir, name)} cannot be written (${codeOf(cause)}); the result was printed`;
      throw new SwitchyardError(message, { code: 'REPORT_NOT_WRITTEN', source: 'operator', cause });
    }
  }
}

function refused(problems: readonly Problem[]): RefusedInputError {
  return new RefusedInputError('--report', problems);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
