import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EXIT, type ExitCode, type Io, processIo } from '../cli/io.ts';
import type { ResolvedConfig } from '../core/config/types.ts';
import { RefusedInputError } from '../core/errors.ts';
import { loadConfig, loadFleet } from '../lib/load-config.ts';
import { ONE_PER_PRESET } from '../test/_fixtures/preset-matrix.ts';
import { CFN_LINT } from './lint-templates/cfn-lint.ts';
import { distinctTemplates } from './lint-templates/distinct.ts';
import { lintTemplates } from './lint-templates/lint.ts';
import { synthesizeFleetTemplates, synthesizeTemplates } from './lint-templates/synthesize.ts';
import { findPythonTool } from './python-tool.ts';

/** Kept out of the repository by `node_modules`, and out of the way of `npm ci` by being made again. */
const CACHE = join(realpathSync(fileURLToPath(new URL('../node_modules', import.meta.url))), '.cache', 'switchyard');

/** What the check works with; tests give their own. */
export interface LintSurroundings {
  /** Where the linter is kept between runs. @default - below `node_modules/.cache` */
  readonly cache?: string;
  /** Commands that may be Python. @default - those of `scripts/python-tool.ts` */
  readonly pythons?: readonly string[];
  /** Whether a linter that cannot run is a failure. @default false */
  readonly required?: boolean;
  /** Paths of fleets, whose own stacks are looked at too. @default - none */
  readonly fleets?: readonly string[];
}

/**
 * Synthesizes every config into a folder that is gone afterwards, and runs cfn-lint over all templates at once, once
 * over those that differ in the ids of Regions alone.
 *
 * @param configs configs, or paths of configs
 * @returns 0 where it finds nothing, and where there is no Python to run it and nobody requires it: then one line says so;
 *   1 on findings, and where it is required and cannot run; 2 on a config that is refused.
 */
export async function lintTemplatesOf(
  configs: readonly (string | ResolvedConfig)[],
  io: Io,
  { cache = CACHE, pythons, required = false, fleets = [] }: LintSurroundings = {},
): Promise<ExitCode> {
  const startedAtMs = performance.now();
  const linter = await findPythonTool(CFN_LINT, cache, pythons);
  if ('missing' in linter) {
    io.err(`cfn-lint ${required ? 'cannot run' : 'is skipped'}: ${linter.missing}`);
    return required ? EXIT.failed : EXIT.done;
  }
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-templates-'));
  try {
    const all = [...(await synthesizeAll(configs, folder)), ...(await synthesizeFleets(fleets, folder))];
    const templates = distinctTemplates(all);
    const findings = await lintTemplates(linter.path, templates, availableParallelism());
    for (const text of findings) io.out(text);
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
    const verdict = findings.length === 0 ? 'clean' : 'looked at';
    const others = all.length - templates.length;
    const alike = others === 0 ? '' : `; ${others} more differ from them in Regions alone`;
    io.out(`cfn-lint: ${templates.length} templates ${verdict} in ${seconds} s${alike}`);
    return findings.length === 0 ? EXIT.done : EXIT.failed;
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    io.err(error.message);
    return EXIT.inputRefused;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function synthesizeAll(
  configs: readonly (string | ResolvedConfig)[],
  folder: string,
): Promise<readonly string[]> {
  const templates: string[] = [];
  for (const [index, config] of configs.entries()) {
    const own = join(folder, String(index));
    mkdirSync(own);
    templates.push(...synthesizeTemplates(typeof config === 'string' ? await loadConfig(config) : config, own));
  }
  return templates;
}

async function synthesizeFleets(fleets: readonly string[], folder: string): Promise<readonly string[]> {
  const templates: string[] = [];
  for (const [index, fleet] of fleets.entries()) {
    const own = join(folder, `fleet-${index}`);
    mkdirSync(own);
    templates.push(...synthesizeFleetTemplates(await loadFleet(fleet), own));
  }
  return templates;
}

const OPTIONS = {
  presets: { type: 'boolean' },
  required: { type: 'boolean' },
  fleet: { type: 'string', multiple: true },
} as const;

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const presets = values.presets === true ? ONE_PER_PRESET.map(({ config }) => config) : [];
  process.exitCode = await lintTemplatesOf([...positionals, ...presets], processIo(), {
    required: values.required === true,
    ...(values.fleet === undefined ? {} : { fleets: values.fleet }),
  });
}
