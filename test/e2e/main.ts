import { parseArgs } from 'node:util';
import { renderJson } from '../../cli/render/json.ts';
import { renderRehearsal } from '../../cli/render/rehearsal.ts';
import { createRun } from './run.ts';
import { type Stage, setStage } from './stage.ts';
import { playStory } from './story.ts';
import { scenarioOf, tell } from './tell.ts';

const USAGE = 'usage: npm run e2e [-- --json]';

/** What hangs for longer than this will not end; the story takes four to five minutes. */
const MOST_SECONDS = 720;

/** Exit codes: done, failed, input refused. */
type ExitCode = 0 | 1 | 2;

process.exitCode = await main();

/** Plays the story on the emulator and prints what came of it; progress goes to standard error. */
async function main(): Promise<ExitCode> {
  const json = readOptions();
  if (json === undefined) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  const startedAt = Date.now();
  const say = (text: string): void =>
    void process.stderr.write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}\n`);
  const run = createRun(say);
  const giveUp = (code: number) => (): void => void run.stop().finally(() => process.exit(code));
  // Not once: a second signal would end the process before the emulator.
  process.on('SIGINT', giveUp(130));
  process.on('SIGTERM', giveUp(130));
  const watchdog = setTimeout(() => {
    say(`no end within ${MOST_SECONDS} s; kept to look at: ${run.folder}`);
    giveUp(1)();
  }, MOST_SECONDS * 1000);
  let stage: Stage | undefined;
  try {
    say('starting the emulator');
    stage = await setStage(run);
    const played = await playStory(stage, say);
    const result = tell(stage, played);
    process.stdout.write(`${json ? renderJson(result) : renderRehearsal(result, scenarioOf(played))}\n`);
    if (result.passed) run.forget();
    return result.passed ? 0 : 1;
  } catch (error) {
    say(explain(error, stage));
    return 1;
  } finally {
    clearTimeout(watchdog);
    await run.stop();
  }
}

/** Whether one document is asked for; undefined where something else is. */
function readOptions(): boolean | undefined {
  try {
    return parseArgs({ options: { json: { type: 'boolean', default: false } } }).values.json;
  } catch {
    return undefined;
  }
}

function explain(error: unknown, stage: Stage | undefined): string {
  const text = error instanceof Error ? error.message : String(error);
  if (stage === undefined) return text;
  const { troubles, witness, folder } = stage;
  const events = witness
    .operations()
    .flatMap(({ operationId, status, events: log }) => [
      `${operationId} ${status}`,
      ...log.slice(-3).map(({ step, outcome, detail }) => `  ${step} ${outcome} ${JSON.stringify(detail)}`),
    ]);
  const verdict = witness.decisions.at(-1);
  return [
    text,
    ...(verdict === undefined ? [] : [`last verdict: ${verdict.outcome} ${verdict.ruleId} ${verdict.reason}`]),
    ...events,
    ...troubles.list(),
    `kept to look at: ${folder}`,
  ].join('\n');
}
