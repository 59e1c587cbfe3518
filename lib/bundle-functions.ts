import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** How code is put together, with packages or without. */
const COMMON = {
  absWorkingDir: PROJECT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
} as const satisfies BuildOptions;

/**
 * How a function is bundled: ECMAScript modules with the AWS SDK inside, so that the version that was tested is the one
 * that runs, and so that unused commands are shaken off.
 *
 * The SDK's default credential chain is replaced by its one link that Lambda uses. The rest (profiles, single sign-on,
 * instance metadata) is a fifth of every bundle and would only ever be asked in error. So it is with the discovery of an
 * account's own endpoints, with a file of passwords, and with making values of the texts that a database sends.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (AWS_ACCESS_KEY_ID and its companions)
 */
export const BUNDLING = {
  ...COMMON,
  outExtension: { '.js': '.mjs' },
  minify: true,
  // dns-packet is CommonJS and asks for a built-in module by `require`, which ECMAScript modules do not have.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  alias: {
    '@aws-sdk/credential-provider-node': './adapters/aws/environment-credentials.ts',
    '@aws-sdk/middleware-endpoint-discovery': './adapters/aws/no-endpoint-discovery.ts',
    pgpass: './adapters/postgres/no-password-file.cjs',
    'pg-types': './adapters/postgres/text-values.cjs',
  },
} as const satisfies BuildOptions;

/** What both steps would hold a copy of, the stand-in for the credential chain having it too; `instanceof` wants one. */
const SHARED = './core/errors.ts';

/** The files of one function, by name: `index.mjs`, and the files of packages that it imports. */
export type BundleFiles = ReadonlyMap<string, Uint8Array>;

/**
 * Bundles functions, in two steps, so that a package is read, shaken and written once and not once per function: first
 * the project's own code, into one file per function; then the packages that these import, into files that functions
 * share. A function is given its own file and those that it imports, at any remove; nothing that another one has alone.
 *
 * @param functions names of folders of `lambdas/`
 * @see https://esbuild.github.io/api/#splitting
 */
export async function bundleFunctions(functions: readonly string[]): Promise<ReadonlyMap<string, BundleFiles>> {
  const own = await bundleOwnCode(functions);
  const { outputFiles, metafile } = await build({
    ...BUNDLING,
    splitting: true,
    write: false,
    metafile: true,
    outdir: PROJECT,
    entryPoints: Object.fromEntries(functions.map((name) => [name, `${OWN}:${name}`])),
    plugins: [fromMemory(own)],
  });
  const written = new Map(outputFiles.map(({ path, contents }) => [path.slice(PROJECT.length), contents]));
  return new Map(functions.map((name) => [name, filesOf(`${name}.mjs`, metafile, written)]));
}

/** The project's own code of every function, in one text each that imports packages by their names. */
async function bundleOwnCode(functions: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    ...COMMON,
    write: false,
    outdir: PROJECT,
    entryPoints: Object.fromEntries(functions.map((name) => [name, `lambdas/${name}/index.ts`])),
    external: [SHARED],
    plugins: [PACKAGES_BY_NAME],
  });
  const textOf = (name: string): string => named(outputFiles, join(PROJECT, `${name}.js`)).text;
  return new Map(functions.map((name) => [name, textOf(name)]));
}

/** Leaves packages out; none is imported for its effects, so an import of which no name is used goes. */
const PACKAGES_BY_NAME: Plugin = {
  name: 'packages-by-name',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('node:') ? undefined : { path, external: true, sideEffects: false },
    ),
};

const OWN = 'own';

/** Reads `own:<name>` from the texts; what these import is looked for from the project's root. */
function fromMemory(texts: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'from-memory',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: new RegExp(`^${OWN}:`) }, ({ path }) => ({
        path: path.slice(OWN.length + 1),
        namespace: OWN,
      }));
      onLoad({ filter: /.*/, namespace: OWN }, ({ path }) => ({
        contents: texts.get(path) ?? '',
        resolveDir: PROJECT,
      }));
    },
  };
}

/** An entry and all that it imports, now or while it runs. */
function filesOf(entry: string, { outputs }: Metafile, written: ReadonlyMap<string, Uint8Array>): BundleFiles {
  const files = new Map<string, Uint8Array>();
  const take = (path: string, name: string): void => {
    const contents = written.get(path);
    if (contents === undefined || files.has(name)) return;
    files.set(name, contents);
    for (const { path: imported } of outputs[path]?.imports ?? []) take(imported, imported);
  };
  take(entry, 'index.mjs');
  return files;
}

function named(files: readonly OutputFile[], path: string): OutputFile {
  const file = files.find((each) => each.path === path);
  if (file === undefined) throw new RangeError(`esbuild wrote no ${path}; it wrote ${files.map((each) => each.path)}`);
  return file;
}
