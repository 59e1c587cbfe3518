import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../../_helpers/source-files.ts';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const ROOMS = [
  'adapters',
  'bin',
  'cli',
  'client',
  'core',
  'lambdas',
  'lib',
  'scripts',
  'state-machines',
  'test',
  'twin',
];

describe('the lock file', () => {
  const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  );
  const packages = Object.entries(lock.packages);

  it('has every optional package, whatever the platform it was written on', () => {
    const present = new Set(packages.map(([path]) => path.split('node_modules/').at(-1)));
    const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !present.has(name))
        .map((name) => `${path} → ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('names no download address', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});

describe('every source file', () => {
  const files = sourceFiles(ROOMS);

  it('is short enough to be read in one go', () => {
    const limit = (room: string): number => (room === 'test' ? 500 : 300);
    const long = files.filter(({ room, lines }) => lines > limit(room));
    expect(long.map(({ path, lines }) => `${path}: ${lines} lines`)).toEqual([]);
  });
});
