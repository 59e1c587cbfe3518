import { names } from '../../core/config/names.ts';
import { writeDocument } from '../../core/reconcile/documents.ts';
import { endName, type ReconciliationEnd, reportName, type UnresolvedKeys } from '../../core/reconcile/end.ts';
import { printKey } from '../../core/reconcile/key.ts';
import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import type { ReconcilePorts } from '../../core/reconcile/plan.ts';
import { type ReconcileReport, type ReportSection, reportPlan } from '../../core/reconcile/report.ts';
import { causeText } from '../../state-machines/contracts.ts';
import type { ClosedReconciliation, CloseReconciliationInput } from '../../state-machines/contracts-reconcile.ts';
import { assertStillAsked, enginePorts } from '../engine-ports.ts';
import { verificationOf } from '../verification.ts';

type Context = ReconcileContext<'clock' | 'coordination' | 'plans' | 'tables'>;

/** Different reasons that a message tells of an entity; the report has that of every key. */
const REASONS_TOLD = 3;

/** Keys that the record of a failback holds of an entity; all of them, up to a hundred, are in the report. */
const KEYS_ON_RECORD = 10;

/**
 * Draws up the report and says how it ended. Traffic may go back where a verification was clean, or nothing differed, and
 * no tier that blocks has anything left to a person.
 *
 * @throws {OperationError} `OperationLostError` where the failback that asked is over.
 */
export function createCloseReconciliation(
  context: Context,
): (input: CloseReconciliationInput) => Promise<ClosedReconciliation> {
  return async (input) => {
    await assertStillAsked(context, input.plan);
    const { plan } = input;
    const ports = enginePorts(context, plan);
    const report = await reportOf(ports, input);
    const judgement = judge(input, report, reportAddress(context, plan.planId));
    const { status, reasons } = judgement;
    const end: ReconciliationEnd = { attempt: plan.attempt, ...judgement, ...figuresOf(report) };
    await writeDocument(ports, endName(plan.planId), end);
    return { status, reason: reasons.join('; ') };
  };
}

/** Before a plan is sealed there is nothing to report. */
async function reportOf(
  ports: ReconcilePorts,
  { plan, error }: CloseReconciliationInput,
): Promise<ReconcileReport | undefined> {
  try {
    return await reportPlan(ports, plan.planId, verificationOf(plan));
  } catch (cause) {
    if (error === undefined) throw cause;
    return undefined;
  }
}

type Judgement = Pick<ReconciliationEnd, 'status' | 'reasons' | 'unresolved'>;

/** Where whoever is told finds the report. */
function reportAddress({ config, deployment, region }: Context, planId: string): string {
  return `s3://${names.planBucket(config, deployment, region)}/${reportName(planId)}`;
}

function judge(
  { error, unapproved }: CloseReconciliationInput,
  report: ReconcileReport | undefined,
  reportAt: string,
): Judgement {
  if (error !== undefined) return { status: 'FAILED', reasons: [`${error.Error}: ${causeText(error)}`] };
  if (unapproved !== undefined || report === undefined) {
    const why = unapproved?.Error === 'States.Timeout' ? 'nobody answered in time' : 'the plan was declined';
    return { status: 'UNAPPROVED', reasons: [`${why}; nothing was changed`] };
  }
  const blocking = report.sections.filter(({ name }) => report.blocking.keys.some(({ entity }) => entity === name));
  if (blocking.length > 0) {
    const reasons = [...blocking.map(tellUnresolved), `keys and reasons are in ${reportAt}`];
    return { status: 'BLOCKED', reasons, unresolved: blocking.map(keysOf) };
  }
  const unclean = report.sections.filter(({ verified }) => (verified?.unexpected ?? 0) > 0);
  if (unclean.length > 0) return { status: 'BLOCKED', reasons: unclean.map(tellUnexpected) };
  if (report.clean !== true) return { status: 'FAILED', reasons: ['not every touched range was compared again'] };
  return { status: 'AGREED', reasons: [] };
}

function tellUnresolved({ name, unresolved, keys }: ReportSection): string {
  const reasons = [...new Set(keys.map(({ reason }) => reason))];
  const others = reasons.length > REASONS_TOLD ? '; and other reasons' : '';
  return `${name}: ${unresolved} left to a person (${reasons.slice(0, REASONS_TOLD).join('; ')}${others})`;
}

function keysOf({ name, keys }: ReportSection): UnresolvedKeys {
  return { entity: name, keys: keys.slice(0, KEYS_ON_RECORD).map(({ key }) => printKey(key)) };
}

function tellUnexpected({ name, verified }: ReportSection): string {
  return `${name}: ${verified?.unexpected ?? 0} rows still differ after the repair, since somebody wrote them meanwhile`;
}

function figuresOf(
  report: ReconcileReport | undefined,
): Pick<ReconciliationEnd, 'conflicts' | 'differences' | 'repaired'> {
  const sum = (number: (section: ReportSection) => number): number =>
    (report?.sections ?? []).reduce((all, section) => all + number(section), 0);
  return {
    conflicts: sum(({ discrepancies }) => discrepancies.conflict),
    differences: sum(({ discrepancies }) => discrepancies.total),
    repaired: sum(({ resolved }) => resolved),
  };
}
