import { describe, expect, it } from 'vitest';
import { importCycle, readSource, type SourceFile, sourceFiles } from '../../_helpers/source-files.ts';

/** A rule for one room: which paths of the project and which packages its files may import. */
interface Room {
  readonly name: string;
  readonly project: readonly RegExp[];
  readonly packages: readonly RegExp[];
}

const CORE = /^core\//;
const ADAPTERS = /^adapters\//;
const CONTRACTS = /^state-machines\/contracts(-fleet|-reconcile)?\.ts$/;
const STEP_FILES = /^lambdas\/(?:[^/]+\/)*(?!index\.ts$)[^/]+\.ts$/;
const EXAMPLE_CONFIG = /^switchyard\.config\.ts$/;
const NODE = /^node:/;
const CDK = /^(?:aws-cdk-lib(?:\/|$)|constructs$)/;
const NO_CDK = /^(?!aws-cdk-lib(?:\/|$)|constructs$)/;

const ROOMS: readonly Room[] = [
  { name: 'core', project: [CORE], packages: [/^zod$/] },
  { name: 'adapters', project: [CORE, ADAPTERS], packages: [NO_CDK] },
  { name: 'client', project: [CORE, /^client\//], packages: [NODE] },
  { name: 'state-machines', project: [CORE, CONTRACTS], packages: [/^zod$/] },
  { name: 'lambdas', project: [CORE, ADAPTERS, CONTRACTS, /^lambdas\//, EXAMPLE_CONFIG], packages: [NO_CDK] },
  {
    name: 'twin',
    project: [CORE, ADAPTERS, /^client\//, CONTRACTS, /\.asl\.json$/, STEP_FILES, /^twin\//, EXAMPLE_CONFIG],
    packages: [NO_CDK],
  },
  { name: 'cli', project: [CORE, ADAPTERS, CONTRACTS, /^twin\//, /^cli\//], packages: [NO_CDK] },
  { name: 'lib', project: [CORE, CONTRACTS, /\.asl\.json$/, /^lib\//], packages: [NODE, CDK, /^esbuild$/] },
];

function forbidden({ project, packages }: Room, { path, imports }: SourceFile): readonly string[] {
  return imports
    .filter((specifier) => ![...(isProjectPath(specifier) ? project : packages)].some((rule) => rule.test(specifier)))
    .map((specifier) => `${path} imports ${specifier}`);
}

function isProjectPath(specifier: string): boolean {
  return /\.(?:ts|json)$/.test(specifier) && !specifier.startsWith('@');
}

describe.each(ROOMS)('$name', (room) => {
  const files = sourceFiles([room.name]);

  it('has files', () => {
    expect(files).not.toEqual([]);
  });

  it('imports only what its place in the house allows', () => {
    expect(files.flatMap((file) => forbidden(room, file))).toEqual([]);
  });

  it('has no cycle', () => {
    expect(importCycle(files)).toBeUndefined();
  });
});

describe('the entries', () => {
  it.each([
    { entry: 'bin/switchyard-app.ts', room: /^lib\// },
    { entry: 'bin/switchyard.ts', room: /^cli\// },
  ])('$entry imports one room', ({ entry, room }) => {
    const file = sourceFiles(['bin']).find(({ path }) => path === entry);
    expect(file?.imports.filter((specifier) => !room.test(specifier))).toEqual([]);
  });
});

describe('core', () => {
  /** What lint does not see: the same in another spelling, and the clock without an argument. */
  const IMPURE =
    /\bDate\.now\b|\bnew Date\(\)|\bDate\(\)|\bMath\.random\b|\bperformance\.|\bglobalThis\b|\brequire\s*\(|\bprocess\.|(?<![\w/.}])console\.|\bset(?:Timeout|Interval|Immediate)\b|\bfetch\(/;

  it('reads no clock, no chance, no environment', () => {
    expect(
      sourceFiles(['core'])
        .filter(({ code }) => IMPURE.test(code))
        .map(({ path, code }) => `${path}: ${IMPURE.exec(code)?.[0]}`),
    ).toEqual([]);
  });

  it.each([
    'const now = new Date();',
    'const now = globalThis.Date.now();',
    "const fs = require('node:fs');",
    'Math.random()',
  ])('would be caught by %s', (code) => {
    expect(IMPURE.test(code)).toBe(true);
  });
});

describe('what is read of a file', () => {
  it.each([
    "import { a } from '../twin/a.ts';",
    "import type { A } from '../twin/a.ts';",
    "import {\n  a,\n  b,\n} from '../twin/a.ts';",
    "export * from '../twin/a.ts';",
    "import '../twin/a.ts';",
    "const a = await import('../twin/a.ts');",
    "const a = require('../twin/a.ts');",
    "type A = import('../twin/a.ts').A;",
  ])('is its import in %j', (text) => {
    expect(readSource('core/b.ts', text).imports).toEqual(['twin/a.ts']);
  });

  it('is not what a comment names', () => {
    expect(readSource('core/b.ts', "// import '../twin/a.ts';\n/* from '../twin/a.ts' */").imports).toEqual([]);
  });

  it('shows a cycle over three files', () => {
    const files = ['a', 'b', 'c'].map((name, index, all) =>
      readSource(`core/${name}.ts`, `import './${all[(index + 1) % all.length]}.ts';`),
    );
    expect(importCycle(files)).toEqual(['core/a.ts', 'core/b.ts', 'core/c.ts', 'core/a.ts']);
    expect(importCycle(files.slice(0, 2))).toBeUndefined();
  });
});
