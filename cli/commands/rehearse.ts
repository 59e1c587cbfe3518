import type { Command } from 'commander';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { RefusedInputError } from '../../core/errors.ts';
import { readScenario } from '../../twin/scenarios/references.ts';
import { type Progress, runScenario } from '../../twin/scenarios/run-scenario.ts';
import type { Scenario } from '../../twin/scenarios/scenario.ts';
import { DEFAULT_SCENARIO, findScenario, scenarioNames } from '../find-scenario.ts';
import { EXIT, type Io } from '../io.ts';
import { loadConfig } from '../load-config.ts';
import { createRefusals } from '../refusals.ts';
import type { Run } from '../register.ts';
import { renderJson } from '../render/json.ts';
import { renderRehearsal } from '../render/rehearsal.ts';
import { renderReport } from '../render/report.ts';
import { prepareReportFolder, type ReportFolder } from '../report-folder.ts';
import { readWholeNumber } from '../whole-number.ts';

interface RehearseOptions {
  readonly json?: boolean;
  readonly seed?: string;
  readonly report?: string;
  readonly config?: string;
}

/** What a rehearsal is run with, once all of it has been accepted. */
interface Prepared {
  readonly scenario: Scenario;
  readonly config: ResolvedConfig;
  readonly seed: number;
  readonly report: ReportFolder | undefined;
}

const DEFAULT_SEED = 1;

/** `switchyard rehearse`: a scenario in virtual time, by the code that is deployed. */
export function registerRehearse(program: Command, io: Io, run: Run): void {
  program
    .command('rehearse')
    .description('rehearse a scenario in virtual time, by the code that is deployed')
    .argument('[scenario]', `${scenarioNames().join(', ')}, or the path of a .json file`, DEFAULT_SCENARIO)
    .option('--json', 'print one document (docs/rehearsal-result.md) and nothing else')
    .option('--seed <n>', `what chance is drawn from: the same seed gives the same run (default: ${DEFAULT_SEED})`)
    .option('--report <dir>', 'write the timeline as Markdown and the document as JSON into this folder')
    .option('--config <file>', 'the config (default: switchyard.config.ts)')
    .action((nameOrPath: string, options: RehearseOptions) =>
      run(async () => {
        const { scenario, config, seed, report } = await prepare(nameOrPath, options);
        const progress = createProgressLine(io);
        const result = await runScenario({ scenario, config, seed, onProgress: progress.show });
        progress.clear();
        // Before the report: a disk that is full meanwhile costs the report alone.
        io.out(options.json === true ? renderJson(result) : renderRehearsal(result, scenario));
        const [markdown = '', json = ''] = reportNames(scenario, seed);
        report?.write([
          { name: markdown, text: `${renderReport(result, scenario)}\n` },
          { name: json, text: `${renderJson(result)}\n` },
        ]);
        return result.passed ? EXIT.done : EXIT.failed;
      }),
    );
}

/** Reads every input before anything is written or run, and tells what is wrong with all of them at once. */
async function prepare(nameOrPath: string, options: RehearseOptions): Promise<Prepared> {
  const refusals = createRefusals();
  const seed = await refusals.attempt(() => readSeed(options.seed));
  const config = await refusals.attempt(() => loadConfig(options.config));
  const written = await refusals.attempt(() => findScenario(nameOrPath));
  const scenario = written && (await refusals.attempt(() => readScenario(written, config)));
  const report = await refusals.attempt(() =>
    options.report === undefined ? undefined : prepareReportFolder(options.report, reportNames(scenario, seed)),
  );
  try {
    refusals.throwIfAny();
  } catch (error) {
    report?.discard();
    throw error;
  }
  if (scenario === undefined || config === undefined || seed === undefined) throw new Error('nothing was refused');
  return { scenario, config, seed, report };
}

/** None while it is unknown what will be written. */
function reportNames(scenario: Scenario | undefined, seed: number | undefined): readonly string[] {
  if (scenario === undefined || seed === undefined) return [];
  return ['md', 'json'].map((extension) => `${scenario.name}-seed-${seed}.${extension}`);
}

function readSeed(text: string | undefined): number {
  const { value, problem } = readWholeNumber('--seed', text, { least: 0, most: Number.MAX_SAFE_INTEGER });
  if (problem !== undefined) throw new RefusedInputError('the command line', [problem]);
  return value ?? DEFAULT_SEED;
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
