import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResolvedConfig } from '../core/config/types.ts';
import type { ResolvedFleet } from '../core/fleet/fleet-types.ts';
import { bundleFunctions } from './bundle-functions.ts';
import { FLEET_FUNCTIONS, FUNCTIONS, functionsOf, RECONCILE_FUNCTIONS } from './functions.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** Where bundles go unless told otherwise, relative to the project. */
export const BUNDLES = 'dist/lambdas';

/**
 * Bundles every function, each into a folder of its own with the config beside it, and gives the folder that holds them.
 * The same sources give the same bytes, so an asset's hash changes only with the code or the config.
 */
export async function bundleLambdas(
  config: ResolvedConfig,
  directory: string = join(PROJECT, BUNDLES),
): Promise<string> {
  await writeBundles(functionsOf(config), directory);
  placeConfig(config, directory);
  return directory;
}

/** Where bundles of a fleet go, relative to the project. */
const FLEET_BUNDLES = 'dist/fleet-lambdas';

/** The same for the functions of a fleet's own stacks. */
export async function bundleFleetLambdas(
  fleet: ResolvedFleet,
  directory: string = join(PROJECT, FLEET_BUNDLES),
): Promise<string> {
  await writeBundles(FLEET_FUNCTIONS, directory);
  const text = JSON.stringify(fleet);
  for (const name of FLEET_FUNCTIONS) writeFileSync(join(directory, name, 'config.json'), text);
  return directory;
}

/** Puts a config beside every function of a folder of bundles, in the place of the one that is there. */
export function placeConfig(config: ResolvedConfig, directory: string): void {
  const text = JSON.stringify(config);
  for (const name of functionsOf(config)) writeFileSync(join(directory, name, 'config.json'), text);
}

/** Bytes of each function's bundle, all of its files; nothing is written. */
export async function bundleSizes(): Promise<ReadonlyMap<string, number>> {
  const bundles = await bundleFunctions([...FUNCTIONS, ...RECONCILE_FUNCTIONS]);
  return new Map([...bundles].map(([name, files]) => [name, bytesOf(files)]));
}

function bytesOf(files: ReadonlyMap<string, Uint8Array>): number {
  return [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

async function writeBundles(functions: readonly string[], directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  for (const [name, files] of await bundleFunctions(functions)) {
    mkdirSync(join(directory, name), { recursive: true });
    for (const [file, contents] of files) writeFileSync(join(directory, name, file), contents);
  }
}
