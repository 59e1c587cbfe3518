import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the tools of this project need: cfn-lint and MiniStack both say so (https://pypi.org). */
const NEEDED_PYTHON = [3, 10] as const;

/** Commands that may be a Python, in the order in which they are tried. */
export const PYTHONS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'] as const;

/** A program from PyPI, whose package has its name. */
export interface PythonTool {
  readonly name: string;
  readonly version: string;
  /** Whether what is installed is that version, and runs. */
  readonly isOurs: (path: string) => Promise<boolean>;
}

/** Where a tool is, or why there is none. */
export type FoundTool = { readonly path: string } | { readonly missing: string };

/**
 * The tool in a virtual environment of its own, which is made at the first run and used again afterwards.
 *
 * @param folder where virtual environments are kept; one per version of the tool
 * @param pythons commands to try, in order
 */
export async function findPythonTool(
  { name, version, isOurs }: PythonTool,
  folder: string,
  pythons: readonly string[] = PYTHONS,
): Promise<FoundTool> {
  const environment = join(folder, `${name}-${version}`);
  const path = join(environment, 'bin', name);
  if (existsSync(path) && (await isOurs(path))) return { path };
  const python = await firstThatServes(pythons);
  if (python === undefined) return { missing: `no Python ${NEEDED_PYTHON.join('.')} or newer (${pythons.join(', ')})` };
  try {
    // One that is half made would fail every run after this one.
    rmSync(environment, { recursive: true, force: true });
    await run(python, ['-m', 'venv', environment]);
    await run(join(environment, 'bin', 'python'), [
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
      `${name}==${version}`,
    ]);
    return { path };
  } catch (error) {
    rmSync(environment, { recursive: true, force: true });
    return { missing: `${name} ${version} cannot be installed (${lastLine(error)})` };
  }
}

async function firstThatServes(pythons: readonly string[]): Promise<string | undefined> {
  const condition = `import sys; sys.exit(sys.version_info < (${NEEDED_PYTHON.join(', ')}))`;
  for (const python of pythons) {
    const serves = await run(python, ['-c', condition]).then(
      () => true,
      () => false,
    );
    if (serves) return python;
  }
  return undefined;
}

/** What a command said last, which is where pip and venv say what went wrong. */
function lastLine(error: unknown): string {
  const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) || String(error);
}
