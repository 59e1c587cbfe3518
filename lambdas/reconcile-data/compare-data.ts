import { OperationError } from '../../core/operation/errors.ts';
import type { Journal } from '../../core/operation/journal.ts';
import { OPERATION_METRICS } from '../../core/operation/operation-metrics.ts';
import type { OperationEvent } from '../../core/operation/operation-record.ts';
import { cutOf } from '../../core/operation/parting.ts';
import { RECONCILE_POLL } from '../../core/operation/polling.ts';
import type { StepContext } from '../../core/ports.ts';
import {
  endName,
  failedOpeningName,
  parseEnd,
  parseFailedOpening,
  type ReconciliationEnd,
  reportName,
} from '../../core/reconcile/end.ts';
import { ReconcileError } from '../../core/reconcile/errors.ts';
import type { ReconcileDataOutput } from '../../state-machines/contracts.ts';
import { RECONCILE_MACHINE } from '../../state-machines/contracts-reconcile.ts';

type Context = StepContext<'coordination' | 'clock' | 'machines' | 'plans' | 'telemetry'>;

/** A machine that was lost is started again, so often in all; a plan that cannot be ended by then is for a person. */
const MOST_ATTEMPTS = 5;

/** One start of the machine, as the log of the failback has it. */
interface Attempt {
  readonly number: number;
  readonly executionArn: string;
}

/**
 * Has the data of both Regions compared and repaired by a machine of their own, and waits for its end: started once per
 * failback, and again under the same plan where it was lost. A plan that cannot be ended in time, or that leaves
 * differences that block, closes the gate. Data that agreed are not compared again for a gate that is asked once more:
 * since then the Region that serves alone has written, and how far its copy is behind says the lag.
 */
export async function compareData(
  context: Context,
  journal: Journal,
  deadlineMinutes: number,
): Promise<ReconcileDataOutput> {
  const planId = planIdOf(journal);
  if (hasAgreed(journal, planId)) return { done: true, waitSeconds: 0, passed: true, reasons: [] };
  const begunAtEpochMs = await journal.firstLook({ planId, deadlineMinutes });
  const attempt = lastAttempt(journal);
  const end = attempt && (await readEnd(context, planId));
  if (attempt !== undefined && end?.attempt === attempt.number) return conclude(context, journal, end);
  const waitedMs = context.ports.clock.nowEpochMs() - begunAtEpochMs;
  if (waitedMs > deadlineMinutes * 60_000) {
    return refuse(journal, [`data were not reconciled within ${deadlineMinutes} min; ${whereToLook(planId)}`]);
  }
  if (attempt === undefined) await start(context, journal, { planId, number: 1 });
  else if ((await context.ports.machines.endedAt(attempt.executionArn)) !== undefined) {
    // It may have written its end and been over between the two looks.
    const last = await readEnd(context, planId);
    if (last?.attempt === attempt.number) return conclude(context, journal, last);
    if (attempt.number >= MOST_ATTEMPTS) {
      const lost = `reconciliation was lost ${MOST_ATTEMPTS} times; ${whereToLook(planId)}`;
      const failed = parseFailedOpening(await read(context, failedOpeningName(planId)));
      return refuse(journal, [lost, ...(failed === undefined ? [] : [`start ${failed.attempt}: ${failed.reason}`])]);
    }
    await start(context, journal, { planId, number: attempt.number + 1 });
  }
  return { done: false, waitSeconds: waitFor(waitedMs / 1000), passed: false, reasons: [] };
}

function hasAgreed({ record }: Journal, planId: string): boolean {
  return record.events.some(
    ({ step, outcome, detail }) => step === 'reconcile-data' && outcome === 'done' && detail['planId'] === planId,
  );
}

async function readEnd(context: Context, planId: string): Promise<ReconciliationEnd | undefined> {
  return parseEnd(await read(context, endName(planId)));
}

async function read({ ports }: Context, name: string): Promise<string | undefined> {
  try {
    return await ports.plans.get(name);
  } catch (error) {
    if (!(error instanceof ReconcileError) || !error.retryable) throw error;
    throw new OperationError('TransientPlatformError', error.message, { retryable: true, cause: error });
  }
}

function planIdOf({ record }: Journal): string {
  return `failback-${record.epoch}`;
}

/** A tenth of what it has taken so far: a short one is not kept waiting, and a long one fills no history. */
function waitFor(waitedSeconds: number): number {
  const { leastSeconds, mostSeconds } = RECONCILE_POLL;
  return Math.min(mostSeconds, Math.max(leastSeconds, Math.round(waitedSeconds / 10)));
}

function lastAttempt({ record }: Journal): Attempt | undefined {
  const requested = record.events.findLast(isRequest);
  if (requested === undefined) return undefined;
  return { number: Number(requested.detail['attempt']), executionArn: String(requested.detail['executionArn']) };
}

function isRequest({ step, outcome }: OperationEvent): boolean {
  return step === 'reconcile-data' && outcome === 'requested';
}

/** The name is the failback's and the attempt's, so that a start whose answer was lost is found and not repeated. */
async function start(
  { ports }: Context,
  journal: Journal,
  { planId, number }: { readonly planId: string; readonly number: number },
): Promise<void> {
  const { operationId, request } = journal.record;
  const state = await journal.readState();
  const input = {
    planId,
    attempt: number,
    operationId,
    source: request.source,
    target: request.target,
    cutEpochMs: cutOf(state),
    requestedBy: operationId,
  };
  const started = await ports.machines.start({ machine: RECONCILE_MACHINE, name: `${planId}-${number}`, input });
  await journal.add('requested', { planId, attempt: number, executionArn: started.executionArn });
}

async function conclude(
  { config, region, ports }: Context,
  journal: Journal,
  end: ReconciliationEnd,
): Promise<ReconcileDataOutput> {
  const { conflicts, differences, repaired, status } = end;
  const planId = planIdOf(journal);
  ports.telemetry.measure({
    region: journal.record.request.target,
    values: { [OPERATION_METRICS.conflicts]: conflicts },
  });
  const facts = { planId, comparison: status, conflicts, differences, repaired, report: reportName(planId), region };
  if (status === 'AGREED') {
    await journal.add('done', { ...facts, entities: Object.keys(config.reconcile?.entities ?? {}) });
    return { done: true, waitSeconds: 0, passed: true, reasons: [] };
  }
  return refuse(journal, end.reasons, {
    ...facts,
    ...(end.unresolved === undefined ? {} : { unresolved: end.unresolved }),
  });
}

async function refuse(
  journal: Journal,
  reasons: readonly string[],
  facts: Readonly<Record<string, unknown>> = {},
): Promise<ReconcileDataOutput> {
  await journal.add('refused', { ...facts, reasons });
  return { done: true, waitSeconds: 0, passed: false, reasons };
}

function whereToLook(planId: string): string {
  return `${reportName(planId)} and the executions ${planId}-… of the machine ${RECONCILE_MACHINE} say how far it came`;
}
