import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { filesUnder } from './files-under.ts';

/** A source file of the project, as the rules of the house look at it. */
export interface SourceFile {
  /** Path from the project's root, with forward slashes. */
  readonly path: string;
  /** First folder of the path. */
  readonly room: string;
  /** The text without comments; strings stay. */
  readonly code: string;
  readonly lines: number;
  /** Everything that it imports or re-exports, types and dynamic imports included: project paths, or names of packages. */
  readonly imports: readonly string[];
}

/** Imports, re-exports, dynamic imports and `require`, whose specifier is a literal. */
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)'([^'\n]+)'/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g;

/** Every TypeScript file of the given rooms. */
export function sourceFiles(rooms: readonly string[]): readonly SourceFile[] {
  return rooms
    .flatMap((room) => filesUnder(room))
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readSource(path, readFileSync(path, 'utf8')));
}

/** What the rules look at in a file with this path and text. */
export function readSource(path: string, text: string): SourceFile {
  const code = text.replaceAll(COMMENT, '');
  return {
    path,
    room: path.split('/')[0] ?? '',
    code,
    lines: text.trimEnd().split('\n').length,
    imports: [...code.matchAll(SPECIFIER)].map(([, specifier = '']) =>
      specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier,
    ),
  };
}

/** A path of files of which each imports the next and the last imports the first; undefined where there is none. */
export function importCycle(files: readonly SourceFile[]): readonly string[] | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of byPath.get(path)?.imports ?? []) {
      const found = byPath.has(next) ? walk(next, [...trail, path]) : undefined;
      if (found !== undefined) return found;
    }
    done.add(path);
    return undefined;
  };
  for (const { path } of files) {
    const found = walk(path, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
