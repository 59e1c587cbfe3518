import { sha256 } from '../../adapters/sha256.ts';
import { isReplicated } from '../../core/config/data-tier.ts';
import { isoTime } from '../../core/iso-time.ts';
import { readHeader } from '../../core/reconcile/documents.ts';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import { planNames, type ReconcilePorts } from '../../core/reconcile/plan.ts';
import {
  applyReconciliation,
  type Interrupted,
  type LocalRun,
  planReconciliation,
  verifyReconciliation,
} from '../../core/reconcile/reconciliation.ts';
import { drawUpReport, type ReconcileReport, reportPlan } from '../../core/reconcile/report.ts';
import { approvePlan } from '../../core/reconcile/seal-plan.ts';
import { EXIT, type ExitCode, type Io } from '../io.ts';
import { renderJson } from '../render/json.ts';
import { renderReconcileReport } from '../render/reconcile-report.ts';
import { commandLine } from './command-line.ts';
import type { Connect } from './connected-tables.ts';
import type { AwaitInterruption } from './interruption.ts';
import { createMeter } from './meter.ts';
import { readTask } from './read-task.ts';
import type { ApplyTask, ReconcileOptions, ReconcileTask } from './task.ts';
import { userName } from './user-name.ts';

/** What the command reaches beside files. */
export interface ReconcileWorld {
  readonly connect: Connect;
  readonly awaitInterruption: AwaitInterruption;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowEpochMs: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Where a command says what it has to say, and what it reaches. */
export interface Surroundings {
  readonly io: Io;
  readonly world: ReconcileWorld;
}

/** What was refused rather than failed: the exit code is 3. */
const REFUSALS: ReadonlySet<string> = new Set(['PlanRefusedError', 'SchemaDriftError']);

/**
 * Carries out what the options say. 0: nothing is left to do. 4: the tables differ, or something is left. 3: the plan or
 * the tables are refused. 130: stopped by a signal, to be gone on with.
 */
export async function carryOut(options: ReconcileOptions, surroundings: Surroundings): Promise<ExitCode> {
  const { io, world } = surroundings;
  const task = await readTask(options, world.nowEpochMs());
  const print = (report: ReconcileReport, more: object = {}): void =>
    io.out(options.json === true ? renderJson({ ...report, ...more }) : renderReconcileReport(report));
  try {
    if (task.action === 'apply' && task.dryRun) return await tellRepairs(task, io, print);
    return await work(task, surroundings, print);
  } catch (error) {
    if (!(error instanceof ReconcileError) || !REFUSALS.has(error.name)) throw error;
    io.err(`refused: ${error.message} [${error.code}]`);
    return EXIT.operationRefused;
  }
}

type Print = (report: ReconcileReport, more?: object) => void;

async function work(task: ReconcileTask, { io, world }: Surroundings, print: Print): Promise<ExitCode> {
  const regions = task.action === 'plan' ? task.regions : (await readHeader(task, task.planId)).regions;
  const connected = await world.connect(task.section, regions, world.environment);
  const meter = createMeter(io, world.nowEpochMs);
  const interruption = world.awaitInterruption(() =>
    io.err('stopping after what is at hand; press again to end at once (nothing is lost by that either)'),
  );
  try {
    const wasComplete = await isComplete(task);
    const run: LocalRun = {
      ...portsOf(task, world),
      tables: connected.tables,
      sleep: world.sleep,
      isStopped: interruption.isAsked,
      progress: meter.show,
    };
    const report = await perform(task, run);
    meter.clear();
    if (report === 'interrupted') return tellHowToGoOn(task, io);
    if (wasComplete) io.err(SHOWN_AGAIN);
    print(report, { pass: meter.pass() });
    tellNext(task, report, io);
    return isSettled(report, task.action) ? EXIT.done : EXIT.drift;
  } catch (error) {
    meter.clear();
    if (error instanceof ReconcileError && error.retryable) tellHowToGoOn(task, io);
    throw error;
  } finally {
    interruption.end();
    await connected.close();
  }
}

function portsOf({ store }: ReconcileTask, { nowEpochMs }: ReconcileWorld): Omit<ReconcilePorts, 'tables'> {
  return { store, fingerprint: sha256, nowEpochMs };
}

async function perform(task: ReconcileTask, run: LocalRun): Promise<ReconcileReport | Interrupted> {
  const { planId } = task;
  if (task.action === 'verify') {
    const verificationId = `at-${isoTime(run.nowEpochMs()).replace(/[-:.]/g, '')}`;
    return verifyReconciliation(run, planId, { verificationId, settleSeconds: task.settleSeconds });
  }
  if (task.action === 'apply') {
    const approval = task.approve && { digest: task.approve, approvedBy: userName() };
    if (approval) await approvePlan(run, planId, approval);
    return applyReconciliation(run, planId);
  }
  const { regions, cutEpochMs, entities, section, config } = task;
  const { repair, blockOn, rowsPerRange } = section;
  const verifiesAll = !isReplicated(config.data);
  const request = { planId, regions, cutEpochMs, entities, repair, blockOn, rowsPerRange, verifiesAll };
  return (await planReconciliation(run, request)) === 'interrupted' ? 'interrupted' : reportPlan(run, planId);
}

/** Nothing is left to do; after a verification, nothing differs either. */
function isSettled({ sections, clean }: ReconcileReport, action: ReconcileTask['action']): boolean {
  if (action === 'verify') return clean === true && sections.every(({ verified }) => verified?.remaining === 0);
  return sections.every(({ pending, changedSince, unresolved }) => pending + changedSince + unresolved === 0);
}

/** What a plan would write, without a connection to any table. */
async function tellRepairs(task: ApplyTask, io: Io, print: Print): Promise<ExitCode> {
  const report = await drawUpReport(task, task.planId);
  print(report);
  io.err('nothing was written: this is what the plan would do');
  return isSettled(report, 'apply') ? EXIT.done : EXIT.drift;
}

function tellHowToGoOn(task: ReconcileTask, io: Io): ExitCode {
  const keepsNothing = task.action === 'plan' && task.dryRun;
  const goOn = commandLine(task.options, task.planId, task.action);
  io.err(keepsNothing ? 'stopped; nothing was kept' : `stopped; what is done is kept. Go on: ${goOn}`);
  return EXIT.interrupted;
}

function tellNext(task: ReconcileTask, { digest, sections }: ReconcileReport, io: Io): void {
  const pending = sections.reduce((sum, section) => sum + section.pending, 0);
  const next = (action: 'apply' | 'verify'): string => `next: ${commandLine(task.options, task.planId, action)}`;
  if (task.action === 'plan' && task.dryRun) io.err('nothing was kept: plan without --dry-run to have a plan to apply');
  else if (task.action === 'plan' && pending > 0) io.err(`${next('apply')} --approve ${digest}`);
  if (task.action === 'apply') io.err(next('verify'));
}

/** Said of a plan that is complete already: who has changed a row since may take it for a new comparison. */
const SHOWN_AGAIN =
  'this plan was made before and is shown as it was, nothing is compared again: --verify does that, and another --plan-id makes a new plan';

async function isComplete({ action, store, planId }: ReconcileTask): Promise<boolean> {
  return action === 'plan' && (await store.get(planNames.sealed(planId))) !== undefined;
}
