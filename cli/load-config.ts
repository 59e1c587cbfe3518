import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DEFAULT_CONFIG, loadConfigFrom } from '../core/config/load.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import type { RefusedInputError } from '../core/errors.ts';
import { EXIT } from './io.ts';
import { INPUT_FILES } from './read-json-file.ts';

/**
 * Loads the config that `--config` names.
 *
 * @throws {RefusedInputError} where the file is missing, cannot be loaded, or holds a config that is refused.
 */
export function loadConfig(path: string = DEFAULT_CONFIG): Promise<ResolvedConfig> {
  const importModule = (file: string): Promise<object> => import(pathToFileURL(resolve(file)).href);
  return loadConfigFrom({ ...INPUT_FILES, importModule, onceIdle, onceExiting }, path, '--config <file>');
}

function onceIdle(run: () => void): () => void {
  process.once('beforeExit', run);
  return () => void process.off('beforeExit', run);
}

function onceExiting({ message }: RefusedInputError): () => void {
  const refuse = (): void => {
    process.stderr.write(`${message}\n`);
    process.exitCode = EXIT.inputRefused;
  };
  process.once('exit', refuse);
  return () => void process.off('exit', refuse);
}
