import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PythonTool } from '../python-tool.ts';

const run = promisify(execFile);

const VERSION = '1.58.0';

/** W3005 is about a `DependsOn` that CDK writes for every function, beside a reference that says the same. */
export const IGNORED_RULES = ['W3005'] as const;

/** The linter, at the version that is installed. */
export const CFN_LINT: PythonTool = {
  name: 'cfn-lint',
  version: VERSION,
  isOurs: (path) =>
    run(path, ['--version']).then(
      ({ stdout }) => stdout.trim() === `cfn-lint ${VERSION}`,
      () => false,
    ),
};
