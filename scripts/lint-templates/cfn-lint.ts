import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version that is installed, from PyPI. */
export const CFN_LINT = '1.58.0';

/** W3005 is about a `DependsOn` that CDK writes for every function, beside a reference that says the same. */
export const IGNORED_RULES = ['W3005'] as const;

/** What cfn-lint needs, its own statement (https://pypi.org/project/cfn-lint/) and ours to be safe with `venv`. */
const NEEDED_PYTHON = [3, 10] as const;

/** Where a linter is, or why there is none. */
export type Linter = { readonly path: string } | { readonly missing: string };

/**
 * The linter in a virtual environment of its own, which is made at the first run and used again afterwards.
 *
 * @param folder where virtual environments are kept; one per version of the linter
 * @param pythons commands to try, in order
 */
export async function findLinter(folder: string, pythons: readonly string[]): Promise<Linter> {
  const environment = join(folder, `cfn-lint-${CFN_LINT}`);
  const path = join(environment, 'bin', 'cfn-lint');
  if (await isOurVersion(path)) return { path };
  const python = await firstThatServes(pythons);
  if (python === undefined) return { missing: `no Python ${NEEDED_PYTHON.join('.')} or newer (${pythons.join(', ')})` };
  try {
    // One that is half made would fail every run after this one.
    rmSync(environment, { recursive: true, force: true });
    await run(python, ['-m', 'venv', environment]);
    await run(join(environment, 'bin', 'python'), [
      ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'],
      `cfn-lint==${CFN_LINT}`,
    ]);
    return { path };
  } catch (error) {
    rmSync(environment, { recursive: true, force: true });
    return { missing: `cfn-lint ${CFN_LINT} cannot be installed (${lastLine(error)})` };
  }
}

async function isOurVersion(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  return run(path, ['--version']).then(
    ({ stdout }) => stdout.trim() === `cfn-lint ${CFN_LINT}`,
    () => false,
  );
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
