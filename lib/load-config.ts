import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ConfigFiles, DEFAULT_CONFIG, loadConfigFrom } from '../core/config/load.ts';
import type { ResolvedConfig } from '../core/config/types.ts';

/** Files as Node reaches them. */
const FILES: ConfigFiles = {
  isFolder: (path) => statSync(path).isDirectory(),
  readText: (path) => readFileSync(path, 'utf8'),
  importModule: (path): Promise<object> => import(pathToFileURL(resolve(path)).href),
  onceIdle: (run) => {
    process.once('beforeExit', run);
    return () => void process.off('beforeExit', run);
  },
  onceExiting: ({ message }) => {
    const refuse = (): void => {
      process.stderr.write(`${message}\n`);
      process.exitCode = 2;
    };
    process.once('exit', refuse);
    return () => void process.off('exit', refuse);
  },
};

/**
 * Loads the config that `-c config=<file>` names.
 *
 * @throws {RefusedInputError} where the file is missing, cannot be loaded, or holds a config that is refused.
 */
export function loadConfig(path: string = DEFAULT_CONFIG): Promise<ResolvedConfig> {
  return loadConfigFrom(FILES, path, '-c config=<file>');
}
