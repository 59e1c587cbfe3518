import { parseArgs } from 'node:util';
import storefront from '../../switchyard.config.ts';
import { markdownTable } from '../markdown-table.ts';
import { type CampaignResult, runCampaign } from './detection/campaign.ts';
import { describeMachine, machineLine } from './machine.ts';
import { missedGoals } from './statistics.ts';

/** Traces a second that one processor must judge. */
const LEAST_TRACES_PER_SECOND = 2_000;
const PROGRESS_EVERY = 1_000;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const machine = describeMachine();
const { mistakes, ...result } = runCampaign({
  config: storefront,
  runs: wholeNumber('runs', values.runs, 1),
  seed: wholeNumber('seed', values.seed, 0),
  onProgress: (done) => {
    if (done % PROGRESS_EVERY === 0) process.stderr.write(`${done} traces\n`);
  },
});
const missed = missedGoals([
  { what: 'the number of outages that were missed', value: result.missed, most: 0, unit: '' },
  { what: 'the number of false failovers', value: result.falseFailovers, most: 0, unit: '' },
  {
    what: 'the time for a trace',
    value: 1000 / result.tracesPerSecond,
    most: 1000 / LEAST_TRACES_PER_SECOND,
    unit: 'ms',
  },
]);
process.stdout.write(`${values.json ? JSON.stringify(result, null, 2) : render(result)}\n`);
for (const { trace, what, atSeconds, plan } of mistakes) {
  process.stderr.write(
    `${what} in trace ${trace}${atSeconds === undefined ? '' : ` at ${atSeconds} s`}: ${JSON.stringify(plan)}\n`,
  );
}
for (const line of missed) process.stderr.write(`${line}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;

function render({
  runs,
  outages,
  missed: unseen,
  falseFailovers,
  tracesPerSecond,
  timeToDecisionSeconds,
}: Figures): string {
  const rows = Object.entries(timeToDecisionSeconds).map(([kind, { p50, p99, floor }]) => [
    kind,
    `${floor}`,
    `${p50}`,
    `${p99}`,
  ]);
  return [
    `${runs} traces, ${outages} outages: ${unseen} missed, ${falseFailovers} false failovers; ${tracesPerSecond} traces/s`,
    '',
    markdownTable(['outage', 'interval × threshold s', 'decided p50 s', 'p99 s'], rows),
    '',
    machineLine(machine),
  ].join('\n');
}

type Figures = Omit<CampaignResult, 'mistakes'>;

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  process.stderr.write(`--${name} is ${JSON.stringify(text)}; give a whole number from ${least}\n`);
  process.exit(2);
}
