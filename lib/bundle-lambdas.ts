import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, buildSync } from 'esbuild';
import type { ResolvedConfig } from '../core/config/types.ts';
import type { ResolvedFleet } from '../core/fleet/fleet-types.ts';
import { FLEET_FUNCTIONS, FUNCTIONS, type FunctionName } from './functions.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** Where bundles go unless told otherwise, relative to the project. */
export const BUNDLES = 'dist/lambdas';

/**
 * How a function is bundled: ECMAScript modules with the AWS SDK inside, so that the version that was tested is the one
 * that runs, and so that unused commands are shaken off.
 *
 * The SDK's default credential chain is replaced by its one link that Lambda uses. The rest (profiles, single sign-on,
 * instance metadata) is a fifth of every bundle and would only ever be asked in error.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (AWS_ACCESS_KEY_ID and its companions)
 */
export const BUNDLING = {
  absWorkingDir: PROJECT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  // dns-packet is CommonJS and asks for a built-in module by `require`, which ECMAScript modules do not have.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  alias: { '@aws-sdk/credential-provider-node': './adapters/aws/environment-credentials.ts' },
} as const satisfies BuildOptions;

const entryPoints = (functions: readonly string[]): Record<string, string> =>
  Object.fromEntries(functions.map((name) => [`${name}/index`, `lambdas/${name}/index.ts`]));
const ENTRY_POINTS = entryPoints(FUNCTIONS);

/**
 * Bundles every function in one call, each into a folder of its own with the config beside it, and gives the folder that
 * holds them. The same sources give the same bytes, so an asset's hash changes only with the code or the config.
 */
export async function bundleLambdas(
  config: ResolvedConfig,
  directory: string = join(PROJECT, BUNDLES),
): Promise<string> {
  rmSync(directory, { recursive: true, force: true });
  await build({ ...BUNDLING, outdir: directory, entryPoints: ENTRY_POINTS });
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
  rmSync(directory, { recursive: true, force: true });
  await build({ ...BUNDLING, outdir: directory, entryPoints: entryPoints(FLEET_FUNCTIONS) });
  const text = JSON.stringify(fleet);
  for (const name of FLEET_FUNCTIONS) writeFileSync(join(directory, name, 'config.json'), text);
  return directory;
}

/** Puts a config beside every function of a folder of bundles, in the place of the one that is there. */
export function placeConfig(config: ResolvedConfig, directory: string): void {
  const text = JSON.stringify(config);
  for (const name of FUNCTIONS) writeFileSync(join(directory, name, 'config.json'), text);
}

/** Bytes of each function's bundle; nothing is written. */
export function bundleSizes(): ReadonlyMap<FunctionName, number> {
  const { outputFiles } = buildSync({ ...BUNDLING, outdir: BUNDLES, entryPoints: ENTRY_POINTS, write: false });
  const sizeOf = (name: FunctionName): number =>
    outputFiles.find(({ path }) => path.endsWith(join(BUNDLES, name, 'index.mjs')))?.contents.byteLength ?? 0;
  return new Map(FUNCTIONS.map((name) => [name, sizeOf(name)]));
}
