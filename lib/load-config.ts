import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolveConfig } from '../core/config/resolve.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import { RefusedInputError } from '../core/errors.ts';

/** Where the config is looked for unless `-c config=path` says otherwise. */
export const DEFAULT_CONFIG = 'switchyard.config.ts';

/**
 * Loads a config: a module whose default export it is, or a JSON file. Paths are relative to the working directory.
 *
 * @throws {RefusedInputError} where the file is missing, cannot be loaded, or holds a config that is refused.
 */
export async function loadConfig(path: string): Promise<ResolvedConfig> {
  const file = resolve(path);
  if (!existsSync(file)) throw refused(path, 'the file does not exist', 'name one with "-c config=path"');
  try {
    return resolveConfig(file.endsWith('.json') ? JSON.parse(readFileSync(file, 'utf8')) : await importDefault(file));
  } catch (error) {
    if (error instanceof RefusedInputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw refused(path, `the file cannot be loaded: ${reason}`, 'correct it where the message says');
  }
}

async function importDefault(file: string): Promise<unknown> {
  const module: { readonly default?: unknown } = await import(pathToFileURL(file).href);
  return module.default;
}

function refused(path: string, message: string, remedy: string): RefusedInputError {
  return new RefusedInputError('the config', [{ path, message, remedy }], 'CONFIG_REFUSED');
}
