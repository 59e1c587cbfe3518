import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { markdownTable } from '../markdown-table.ts';
import { fiveRegions } from './five-regions.ts';
import { describeMachine, machineLine } from './machine.ts';
import { median, missedGoals } from './statistics.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** Seconds that `cdk synth` may take from a cold start on two cores that are idle. */
const GOALS = { example: 8, 'five Regions': 12 } as const;
type Size = keyof typeof GOALS;

/** What one synthesis took: by the clock, and of the processors. */
interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, samples: { type: 'string', default: '3' } },
});
const samples = Number(values.samples);
if (!Number.isInteger(samples) || samples < 1) throw new RangeError(`--samples is ${values.samples}; give 1 or more`);

const machine = describeMachine();
const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
try {
  const taken: Record<Size, Taken[]> = { example: [], 'five Regions': [] };
  const config = join(folder, 'five-regions.json');
  writeFileSync(config, JSON.stringify(fiveRegions()));
  for (let sample = 0; sample < samples; sample++) {
    taken.example.push(await synthesize([]));
    taken['five Regions'].push(await synthesize(['-c', `config=${config}`]));
  }
  const measured = (Object.keys(GOALS) as Size[]).map((what) => ({
    what,
    seconds: tenths(median(taken[what].map(({ seconds }) => seconds))),
    cpuSeconds: tenths(median(taken[what].map(({ cpuSeconds }) => cpuSeconds))),
    most: GOALS[what],
  }));
  const missed = missedGoals(
    measured.map(({ what, seconds, most }) => ({ what: `cdk synth of ${what}`, value: seconds, most, unit: 's' })),
  );
  const rows = measured.map(({ what, seconds, cpuSeconds, most }) => [what, `${seconds}`, `${cpuSeconds}`, `${most}`]);
  const text = [
    markdownTable(['cdk synth of', 'seconds', 'of processor', 'seconds at most'], rows),
    '',
    `Medians of ${samples}. ${machineLine(machine)}`,
    ...missed,
  ];
  const document = { schemaVersion: 1, machine, samples, synth: measured, missed };
  process.stdout.write(`${values.json ? JSON.stringify(document, null, 2) : text.join('\n')}\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One synthesis by the command line, bundling included, into a folder of its own. */
async function synthesize(options: readonly string[]): Promise<Taken> {
  const output = mkdtempSync(join(folder, 'cdk-'));
  const command = ['node_modules/.bin/cdk', 'synth', '-q', '-o', output, ...options];
  const begin = performance.now();
  // The shell tells what its children took, on the last line: processor time of theirs, in the program and in the system.
  const { stdout } = await promisify(execFile)('sh', ['-c', '"$@" >&2 && times', 'sh', ...command], { cwd: PROJECT });
  return {
    seconds: (performance.now() - begin) / 1000,
    cpuSeconds: sumOfTimes(stdout.trim().split('\n').at(-1) ?? ''),
  };
}

/** `0m7.25s 0m0.61s` → 7.86 */
function sumOfTimes(line: string): number {
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
