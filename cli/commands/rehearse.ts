import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { RefusedInputError } from '../../core/errors.ts';
import type { RehearsalResult } from '../../twin/scenarios/result-document.ts';
import { type Progress, runScenario } from '../../twin/scenarios/run-scenario.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { DEFAULT_SCENARIO, findScenario, scenarioNames } from '../find-scenario.ts';
import { EXIT, type Io } from '../io.ts';
import { loadConfig } from '../load-config.ts';
import type { Run } from '../register.ts';
import { renderJson } from '../render/json.ts';
import { renderRehearsal } from '../render/rehearsal.ts';
import { renderReport } from '../render/report.ts';

interface RehearseOptions {
  readonly json?: boolean;
  readonly seed: number;
  readonly report?: string;
  readonly config?: string;
}

/** `switchyard rehearse`: a scenario in virtual time, by the code that is deployed. */
export function registerRehearse(program: Command, io: Io, run: Run): void {
  program
    .command('rehearse')
    .description('rehearse a scenario in virtual time, by the code that is deployed')
    .argument('[scenario]', `${scenarioNames().join(', ')}, or the path of a .json file`, DEFAULT_SCENARIO)
    .option('--json', 'print one document (docs/rehearsal-result.md) and nothing else')
    .option('--seed <n>', 'what chance is drawn from: the same seed gives the same run', parseSeed, 1)
    .option('--report <dir>', 'write the timeline as Markdown and the document as JSON into this folder')
    .option('--config <file>', 'the config (default: switchyard.config.ts)')
    .action((nameOrPath: string, options: RehearseOptions) =>
      run(async () => {
        const scenario = findScenario(nameOrPath);
        const config = await loadConfig(options.config);
        if (options.report !== undefined) prepareFolder(options.report);
        const progress = createProgressLine(io);
        const result = await runScenario({ scenario, config, seed: options.seed, onProgress: progress.show });
        progress.clear();
        if (options.report !== undefined) writeReport(options.report, result, scenario);
        io.out(options.json === true ? renderJson(result) : renderRehearsal(result, scenario));
        return result.passed ? EXIT.done : EXIT.failed;
      }),
    );
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new InvalidArgumentError('allowed: a whole number from 0 on.');
  return seed;
}

/** Redraws one line where it can, and otherwise says where it is every virtual quarter of an hour. */
function createProgressLine(io: Io): { readonly show: (progress: Progress) => void; readonly clear: () => void } {
  const everySeconds = io.interactive ? 60 : 900;
  return {
    show: ({ virtualSeconds, doing }) => {
      if (virtualSeconds % everySeconds !== 0) return;
      io.progress(`rehearsing: ${virtualSeconds} s of virtual time, ${doing}`);
    },
    clear: () => io.progress(''),
  };
}

/** A folder that cannot be written is told before the rehearsal, not after it. */
function prepareFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
    accessSync(dir, constants.W_OK);
  } catch (error) {
    const message = `cannot be written (${error instanceof Error && 'code' in error ? String(error.code) : String(error)})`;
    throw new RefusedInputError('--report', [{ path: dir, message, remedy: 'name a folder that may be written' }]);
  }
}

function writeReport(dir: string, result: RehearsalResult, scenario: Scenario): void {
  const name = `${result.scenario}-seed-${result.seed}`;
  writeFileSync(join(dir, `${name}.md`), `${renderReport(result, scenario)}\n`);
  writeFileSync(join(dir, `${name}.json`), `${renderJson(result)}\n`);
}
