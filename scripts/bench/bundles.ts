import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ERROR_NAMES } from '../../core/operation/errors.ts';
import { bundleLambdas } from '../../lib/bundle-lambdas.ts';
import { BUNDLE_LIMITS, bundleLimit, FUNCTIONS, type FunctionName, isOnRecoveryPath } from '../../lib/functions.ts';
import storefront from '../../switchyard.config.ts';
import { markdownTable } from '../markdown-table.ts';
import { type ColdStart, coldStart } from './cold-start.ts';
import { openedOperation } from './functions-input.ts';
import { startLocalAws } from './local-aws.ts';
import { describeMachine, machineLine } from './machine.ts';
import { type Goal, median, missedGoals } from './statistics.ts';

/** From the start of a process to the first result, ms; the AWS side answers at once and is not in it. */
const MOST_COLD_START_MS = 250;

/** What a step may come to; anything else means that the bench asks it wrongly. */
const RESULTS: ReadonlySet<string> = new Set(['returned', 'claimed', ...ERROR_NAMES]);

interface MeasuredBundle {
  readonly name: FunctionName;
  readonly onRecoveryPath: boolean;
  readonly bytes: number;
  /** Medians, ms. */
  readonly importedMs: number;
  readonly coldStartMs: number;
  /** Of the processors, for the whole of it; `null` for an observer, whose call goes on. */
  readonly cpuMs: number | null;
  readonly outcome: string;
  readonly calls: readonly string[];
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    samples: { type: 'string', default: '10' },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const samples = Number(values.samples);
if (!Number.isInteger(samples) || samples < 1) throw new RangeError(`--samples is ${values.samples}; give 1 or more`);
const names = FUNCTIONS.filter((name) => values.only.length === 0 || values.only.includes(name));

const machine = describeMachine();
const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
try {
  const bundles = await measure(await bundleLambdas(storefront, folder));
  const nodeMs = median(Array.from({ length: samples }, bareNode));
  const missed = missedGoals(bundles.flatMap(goalsOf));
  const document = { schemaVersion: 1, machine, samples, nodeMs, bundles, missed };
  process.stdout.write(values.json ? `${JSON.stringify(document, null, 2)}\n` : `${asText(bundles, nodeMs, missed)}\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Goes through all functions once per sample, so that a busy minute of the machine falls on all of them alike. */
async function measure(root: string): Promise<readonly MeasuredBundle[]> {
  const underWay = openedOperation(storefront, Date.now());
  await using aws = await startLocalAws(underWay);
  const starts = new Map<FunctionName, ColdStart[]>(names.map((name) => [name, []]));
  for (let sample = 0; sample < samples; sample++) {
    for (const [name, taken] of starts) {
      const start = await coldStart(name, join(root, name, 'index.mjs'), { config: storefront, underWay, aws });
      if (!RESULTS.has(start.outcome)) throw new Error(`${name} ended with ${start.outcome}, which is no result`);
      taken.push(start);
    }
  }
  return [...starts].map(([name, taken]) => ({
    name,
    onRecoveryPath: isOnRecoveryPath(name),
    bytes: bytesOf(join(root, name)),
    importedMs: Math.round(median(taken.map(({ importedMs }) => importedMs))),
    coldStartMs: Math.round(median(taken.map(({ returnedMs }) => returnedMs))),
    cpuMs: taken.some(({ cpuMs }) => cpuMs === undefined)
      ? null
      : Math.round(median(taken.map(({ cpuMs }) => cpuMs ?? 0))),
    outcome: taken[0]?.outcome ?? '',
    calls: taken[0]?.calls ?? [],
  }));
}

/** Of all files of code in a folder. */
function bytesOf(folder: string): number {
  const code = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
  return code.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

/** What Node itself takes before the first line of a program, ms. */
function bareNode(): number {
  return Number(execFileSync(process.execPath, ['--print', 'performance.now()'], { encoding: 'utf8' }));
}

function goalsOf({ name, bytes, coldStartMs }: MeasuredBundle): readonly Goal[] {
  return [
    { what: `the bundle of ${name}`, value: bytes, most: bundleLimit(name), unit: 'bytes' },
    { what: `the cold start of ${name}`, value: coldStartMs, most: MOST_COLD_START_MS, unit: 'ms' },
  ];
}

function asText(bundles: readonly MeasuredBundle[], nodeMs: number, missed: readonly string[]): string {
  const rows = bundles.map(({ name, onRecoveryPath, bytes, importedMs, coldStartMs, cpuMs, outcome, calls }) => [
    name,
    onRecoveryPath ? 'recovery' : '',
    `${Math.round(bytes / 1000)}`,
    `${importedMs}`,
    `${coldStartMs}`,
    `${cpuMs ?? ''}`,
    outcome,
    `${calls.length}`,
  ]);
  const header = ['function', 'path', 'KB', 'loaded ms', 'first result ms', 'of processor ms', 'which', 'AWS calls'];
  const slowest = Math.max(...bundles.map(({ coldStartMs }) => coldStartMs));
  return [
    markdownTable(header, rows),
    '',
    `Medians of ${samples}. ${machineLine(machine)} Node alone takes ${Math.round(nodeMs)} ms; the slowest function ${slowest} ms of at most ${MOST_COLD_START_MS} ms.`,
    `Limits: ${BUNDLE_LIMITS.onRecoveryPath / 1000} KB on the recovery path, ${BUNDLE_LIMITS.elsewhere / 1000} KB elsewhere.`,
    ...missed,
  ].join('\n');
}
