import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { ReconcileError } from '../core/reconcile/errors.ts';
import type { ReconcileStore } from '../core/reconcile/store.ts';

/** What a file is named while it is being written; no object's name ends so. */
const UNFINISHED = '.unfinished';

/** No such file, or the name is the beginning of others, or goes on after one. */
const NOTHING_THERE: ReadonlySet<string> = new Set(['ENOENT', 'EISDIR', 'ENOTDIR']);

/** Plans in a folder, a file for each object. A file is there whole or not at all, whenever the process dies. */
export function createFolderStore(folder: string): ReconcileStore {
  const pathOf = (name: string): string => join(folder, ...name.split('/'));
  return {
    put: (name, text) => told(name, () => writeWhole(pathOf(name), text, rename)),
    create: (name, text) =>
      told(name, async () => {
        try {
          await writeWhole(pathOf(name), text, link);
          return true;
        } catch (error) {
          if (codeOf(error) === 'EEXIST') return false;
          throw error;
        }
      }),
    get: (name) =>
      told(name, async () => {
        try {
          return await readFile(pathOf(name), 'utf8');
        } catch (error) {
          if (NOTHING_THERE.has(codeOf(error))) return undefined;
          throw error;
        }
      }),
    names: (prefix) => namesUnder(folder, prefix),
  };
}

/** Written beside, then moved or linked to its place in one step. */
async function writeWhole(
  path: string,
  text: string,
  place: (from: string, to: string) => Promise<void>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}${UNFINISHED}`;
  try {
    await writeFile(unfinished, text);
    await place(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function* namesUnder(folder: string, prefix: string): AsyncGenerator<string> {
  const entries = await told(prefix, async () => {
    try {
      return await readdir(folder, { recursive: true, withFileTypes: true });
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  });
  const names = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(UNFINISHED))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name.startsWith(prefix));
  yield* names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function told<T>(name: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    const message = `${name} cannot be kept or read (${codeOf(cause)}); make room in the folder, or let it be written`;
    throw new ReconcileError('StoreRefusedError', message, { source: 'operator', cause });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
