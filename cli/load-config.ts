import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolveConfig } from '../core/config/resolve.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import { RefusedInputError } from '../core/errors.ts';
import { readJsonFile } from './read-json-file.ts';

/** Where the config is looked for. */
export const DEFAULT_CONFIG = 'switchyard.config.ts';

/**
 * Loads a config: a module whose default export it is, or a JSON file.
 *
 * @throws {RefusedInputError} where the file is missing, cannot be loaded, or holds a config that is refused.
 */
export async function loadConfig(path: string = DEFAULT_CONFIG): Promise<ResolvedConfig> {
  return resolveConfig(path.endsWith('.json') ? readJsonFile('the config', path) : await importDefault(path));
}

async function importDefault(path: string): Promise<unknown> {
  const file = resolve(path);
  if (!existsSync(file)) {
    throw new RefusedInputError('the config', [
      { path, message: 'the file cannot be read (ENOENT)', remedy: 'name a file that exists, with --config' },
    ]);
  }
  try {
    const module: { default?: unknown } = await import(pathToFileURL(file).href);
    return module.default;
  } catch (error) {
    if (error instanceof RefusedInputError) throw error;
    const message = `the module cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
    throw new RefusedInputError('the config', [{ path, message, remedy: 'correct it where the message says' }]);
  }
}
