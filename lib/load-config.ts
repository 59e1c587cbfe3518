import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ConfigFiles, DEFAULT_CONFIG, loadConfigFrom, loadInput } from '../core/config/load.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import { resolveFleet } from '../core/fleet/fleet-config.ts';
import type { ResolvedFleet } from '../core/fleet/fleet-types.ts';

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

/**
 * Loads the fleet that `-c fleet=<file>` names.
 *
 * @throws {RefusedInputError} where the file is missing, cannot be loaded, or holds a fleet that is refused.
 */
export async function loadFleet(path: string): Promise<ResolvedFleet> {
  const named = { subject: 'the fleet', path, namedBy: '-c fleet=<file>', code: 'FLEET_REFUSED' };
  return resolveFleet(withoutDerived(await loadInput(FILES, named)));
}

/** A file may hold what `defineFleet` gave, whose guardians are where an application has them. */
function withoutDerived(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || !('evacuation' in input)) return input;
  const { evacuation, ...fleet } = input as { readonly evacuation: Pick<ResolvedFleet['evacuation'], 'guardians'> };
  return { ...fleet, guardians: evacuation.guardians };
}
