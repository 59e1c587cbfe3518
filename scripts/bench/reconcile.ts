import { parseArgs } from 'node:util';
import { findPostgres, startPostgres } from '../postgres-server.ts';
import { describeMachine, machineLine } from './machine.ts';
import { type Bench, DEFAULTS, loadBoth, measureShape, type ShapeFigures } from './reconcile/measure.ts';
import { type ReconcileDocument, renderReconcile } from './reconcile/render.ts';
import { SHAPES } from './reconcile/shapes.ts';
import { missedGoals } from './statistics.ts';

/** What is promised where the two sides are equal: rows a second, or, on a slow machine, so much more time than the floor. */
const LEAST_ROWS_PER_SECOND = 1_000_000;
const MOST_OF_FLOOR = 1.5;
/** Whatever the size of the tables, MiB. */
const MOST_MEMORY_MB = 256;
/** Of fewer rows the shapes would overlap, and a plan would be a single range. */
const FEWEST_ROWS = 10_000;
/** Nothing is logged that only a crash would need; one process sorts the index. */
const SETTINGS = {
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  shared_buffers: '256MB',
  maintenance_work_mem: '256MB',
  max_parallel_maintenance_workers: '0',
};

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const rows = wholeNumber('rows', values.rows, FEWEST_ROWS);
const seed = wholeNumber('seed', values.seed, 0);
if (findPostgres() === undefined) refuse('there is no PostgreSQL here; install the package postgresql');
const machine = describeMachine();
const began = performance.now();
const document: ReconcileDocument = { rows, shapes: await measureAll() };
process.stdout.write(`${values.json ? JSON.stringify(document, null, 2) : renderReconcile(document)}\n`);
process.stderr.write(`${Math.round((performance.now() - began) / 1_000)} s; ${machineLine(machine)}\n`);
const missed = [...missedGoals(goalsOf(document.shapes)), ...document.shapes.flatMap(wrongsOf)];
for (const line of missed) process.stderr.write(`${line}\n`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function measureAll(): Promise<readonly ShapeFigures[]> {
  const [source, target] = await Promise.all([
    startPostgres({ settings: SETTINGS }),
    startPostgres({ settings: SETTINGS }),
  ]);
  const bench: Bench = { servers: { source, target }, rows, seed, ...DEFAULTS };
  const measured: ShapeFigures[] = [];
  try {
    for (const [at, shape] of SHAPES.entries()) {
      if (shape.table !== SHAPES[at - 1]?.table) {
        process.stderr.write(`loading ${rows} rows into both servers\n`);
        await loadBoth(bench, shape.table);
      }
      const figures = await measureShape(bench, shape);
      process.stderr.write(`${shape.name}: ${figures.seconds} s, ${figures.found} of ${figures.injected} found\n`);
      measured.push(figures);
    }
    return measured;
  } finally {
    await Promise.all([source.stop(), target.stop()]);
  }
}

function goalsOf(shapes: readonly ShapeFigures[]): Parameters<typeof missedGoals>[0] {
  const memory = shapes.map(({ shape, peakMemoryMb }) => ({
    what: `the memory for ${shape}`,
    value: peakMemoryMb,
    most: MOST_MEMORY_MB,
    unit: 'MiB',
  }));
  const slow = shapes
    .filter(({ shape, rowsPerSecond }) => shape === 'equal' && rowsPerSecond < LEAST_ROWS_PER_SECOND)
    .map(({ seconds, floorSeconds }) => ({
      what: 'the time for equal tables',
      value: seconds,
      most: MOST_OF_FLOOR * floorSeconds,
      unit: 's',
    }));
  return [...memory, ...slow];
}

/** What may be wrong with a result however fast it came. */
function wrongsOf(figures: ShapeFigures): readonly string[] {
  const { shape, injected, found, wrong, repaired, unresolved, lost, clean } = figures;
  return [
    ...(found === injected ? [] : [`wrong: ${shape}: ${found} of ${injected} injected differences were found`]),
    ...(wrong === 0 ? [] : [`wrong: ${shape}: ${wrong} were found that were not injected so`]),
    ...(repaired + unresolved === injected
      ? []
      : [`wrong: ${shape}: ${repaired} repaired, ${unresolved} left, of ${injected}`]),
    ...(lost === 0
      ? []
      : [`wrong: ${shape}: ${lost} versions were taken away and not kept, or kept and not taken away`]),
    ...(clean ? [] : [`wrong: ${shape}: the verification, or a second run, found something left`]),
  ];
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${name} is ${JSON.stringify(text)}; give a whole number from ${least}`);
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
