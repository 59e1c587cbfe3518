import type { Command } from 'commander';
import { plainItem } from '../../adapters/aws/plain-item.ts';
import { traitsOf } from '../../core/config/accessors.ts';
import { readDecisionRecord } from '../../core/decision/read-record.ts';
import { replay } from '../../core/decision/replay.ts';
import { RefusedInputError } from '../../core/errors.ts';
import { readTextInput } from '../../core/input-file.ts';
import { judgeTrace } from '../../core/trace/judge-trace.ts';
import { readTrace } from '../../core/trace/read-trace.ts';
import { EXIT, type ExitCode, type Io } from '../io.ts';
import { loadConfig } from '../load-config.ts';
import { INPUT_FILES, readJsonFile } from '../read-json-file.ts';
import type { Run } from '../register.ts';
import { renderJson } from '../render/json.ts';
import { renderReplay, renderVerdict } from '../render/verdicts.ts';

interface DecideOptions {
  readonly trace?: string;
  readonly replay?: string;
  readonly config?: string;
  readonly json?: true;
}

/** `switchyard decide`: what the policy decides on a trace of probes, or on what a kept verdict rested on. */
export function registerDecide(program: Command, io: Io, run: Run): void {
  program
    .command('decide')
    .description('What would the policy decide? Nothing is executed.')
    .option('--trace <file.jsonl>', 'judge probes and metrics, one JSON object a line (docs/decision-trace.md)')
    .option('--replay <file>', 'draw a kept verdict again from what it rested on (docs/decision.md)')
    .option('--config <file>', 'the policy (default: switchyard.config.ts; for --replay: the one that was in force)')
    .option('--json', 'as JSON: a line for each change of a trace, one document for a replay')
    .action((options: DecideOptions) => run(() => decide(options, io)));
}

async function decide(options: DecideOptions, io: Io): Promise<ExitCode> {
  if (options.trace !== undefined && options.replay === undefined) return decideTrace(options.trace, options, io);
  if (options.replay !== undefined && options.trace === undefined) return replayRecord(options.replay, options, io);
  const message =
    options.trace === undefined ? 'neither --trace nor --replay is given' : 'both --trace and --replay are given';
  throw new RefusedInputError('the command', [{ path: '', message, remedy: 'give one of them' }]);
}

async function decideTrace(path: string, { config: configPath, json }: DecideOptions, io: Io): Promise<ExitCode> {
  const config = await loadConfig(configPath);
  const subject = `the trace ${path}`;
  const lines = readTrace(readTextInput(INPUT_FILES, { subject, path }), subject, config);
  if (!traitsOf(config).orchestrated)
    io.err(`note: nothing decides under the preset ${config.preset}; this is what would be decided`);
  const render = json === true || !io.readByPerson ? JSON.stringify : renderVerdict;
  for (const verdict of judgeTrace(config, lines)) io.out(render(verdict));
  return EXIT.done;
}

/** By the config that was in force a verdict must come out as it was; by another one it is what would have been. */
async function replayRecord(path: string, { config: configPath, json }: DecideOptions, io: Io): Promise<ExitCode> {
  const subject = `the record ${path}`;
  const record = readDecisionRecord(plainItem(readJsonFile(subject, path), subject), subject);
  const result = configPath === undefined ? replay(record) : replay(record, await loadConfig(configPath));
  io.out(json === true ? renderJson(result) : renderReplay(result));
  return result.same || configPath !== undefined ? EXIT.done : EXIT.failed;
}
