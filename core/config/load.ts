import { RefusedInputError } from '../errors.ts';
import { assertFile, type InputFile, type InputFiles, readJsonInput, refusal } from '../input-file.ts';
import { resolveConfig } from './resolve.ts';
import type { ResolvedConfig } from './types.ts';

/** Where the config is looked for unless another is named. */
export const DEFAULT_CONFIG = 'switchyard.config.ts';

/** How a config is reached; paths are relative to the working directory. */
export interface ConfigFiles extends InputFiles {
  importModule(path: string): Promise<object>;
  /** Calls back once when the process has nothing left to wait for; gives what takes that back. */
  onceIdle(run: () => void): () => void;
  /** Where the process ends meanwhile, says why the input is refused and ends it so; gives what takes that back. */
  onceExiting(refusal: RefusedInputError): () => void;
}

const CORRECT_IT = 'correct it where the message says';
/** What the promise of a module gives that can never finish. */
const NEVER = Symbol('never');

/**
 * Loads a config: a module whose default export it is, or a JSON file.
 *
 * @param namedBy how a user names another one, e.g. `--config <file>`
 * @throws {RefusedInputError} where the file is missing, cannot be loaded, or holds a config that is refused.
 */
export async function loadConfigFrom(files: ConfigFiles, path: string, namedBy: string): Promise<ResolvedConfig> {
  return resolveConfig(await loadInput(files, { subject: 'the config', path, namedBy, code: 'CONFIG_REFUSED' }));
}

/**
 * Loads what such a file holds: the default export of a module, or a JSON document.
 *
 * @throws {RefusedInputError} where the file is missing or cannot be loaded.
 */
export async function loadInput(
  files: ConfigFiles,
  { namedBy, ...named }: Omit<InputFile, 'remedy'> & { readonly namedBy: string },
): Promise<unknown> {
  const file: InputFile = { ...named, remedy: `name a file that exists and may be read, with ${namedBy}` };
  return named.path.endsWith('.json') ? readJsonInput(files, file) : importDefault(files, file);
}

async function importDefault(files: ConfigFiles, file: InputFile): Promise<unknown> {
  assertFile(files, file);
  const loaded = await settle(files, file);
  if (loaded === NEVER) {
    const remedy = 'remove what it waits for at its top level';
    throw refusal({ ...file, remedy }, 'the module never finished loading');
  }
  if (!('default' in loaded)) {
    throw refusal({ ...file, remedy: 'write "export default defineConfig({ … })"' }, 'has no default export');
  }
  return loaded.default;
}

/** A promise that nobody can settle any more leaves the process idle. */
async function settle(files: ConfigFiles, file: InputFile): Promise<object | typeof NEVER> {
  const never = Promise.withResolvers<typeof NEVER>();
  const ended = refusal({ ...file, remedy: 'remove the call that ends it' }, 'the module ended the process');
  const cancels = [files.onceIdle(() => never.resolve(NEVER)), files.onceExiting(ended)];
  try {
    return await Promise.race([files.importModule(file.path), never.promise]);
  } catch (error) {
    if (error instanceof RefusedInputError) throw error;
    throw unloadable(error, file);
  } finally {
    for (const cancel of cancels) cancel();
  }
}

function unloadable(error: unknown, file: InputFile): RefusedInputError {
  const wrong = { ...file, remedy: CORRECT_IT };
  if (!(error instanceof Error)) return refusal(wrong, 'the module throws no error but a value', error ?? null);
  const at = placeOf(error.stack ?? '', file.path);
  return refusal({ ...wrong, path: `${file.path}${at}` }, `the module cannot be loaded: ${error.message}`);
}

/**
 * `:line:column` where the stack names one. Node puts a syntax error's file and line first, then the source with a mark
 * below; an error that was thrown names the file in the first line of its stack that is of the config.
 */
function placeOf(stack: string, path: string): string {
  const name = path.split('/').at(-1) ?? path;
  const [first = '', ...source] = stack.split('\n');
  const line = first.endsWith(`${name}:${/\d+$/.exec(first)?.[0]}`) ? /\d+$/.exec(first)?.[0] : undefined;
  if (line === undefined) {
    const call = stack.split('\n').find((entry) => entry.includes(`${name}:`) && /:\d+:\d+\)?$/.test(entry));
    return call === undefined ? '' : (/(:\d+:\d+)\)?$/.exec(call)?.[1] ?? '');
  }
  const mark = source.find((text) => /^\s*\^+\s*$/.test(text));
  return mark === undefined ? `:${line}` : `:${line}:${mark.indexOf('^') + 1}`;
}
