import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** No command of the tests takes longer; one that hangs is killed, and has no exit code. */
const LONGEST_MS = 40_000;

/** How a command ended that ran in a process of its own. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs the command line as a user does, in a process of its own. */
export function runSwitchyard(...args: readonly string[]): Ended {
  return run(process.execPath, ['bin/switchyard.ts', ...args]);
}

/** Runs a line of bash in which `$SWITCHYARD` is the command line; the exit code is the first one that is not 0. */
export function runInShell(line: string): Ended {
  return run('bash', ['-o', 'pipefail', '-c', line], {
    ...process.env,
    SWITCHYARD: `${process.execPath} bin/switchyard.ts`,
  });
}

/** Runs the app as the CDK does: no account, no credentials, context and output folder from the environment. */
export function runApp(config: string, output: string): Ended {
  return run(process.execPath, ['bin/switchyard-app.ts'], {
    CDK_OUTDIR: output,
    CDK_CONTEXT_JSON: JSON.stringify({ config }),
  });
}

function run(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: PROJECT,
    encoding: 'utf8',
    timeout: LONGEST_MS,
    ...(env === undefined ? {} : { env }),
  });
  return { code: status, output: stdout, errors: stderr };
}
