import { isReplicated } from '../../core/config/data-tier.ts';
import { names } from '../../core/config/names.ts';
import { reconciledEntities } from '../../core/config/reconcile-entities.ts';
import { formatProblem } from '../../core/errors.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import { openPlan } from '../../core/reconcile/open-plan.ts';
import { parseReconcileRequest, type ReconcileRequest } from '../../core/reconcile/request.ts';
import type { OpenedReconciliation, OpenReconciliationInput } from '../../state-machines/contracts-reconcile.ts';
import { assertStillAsked, enginePorts } from '../engine-ports.ts';

type Context = ReconcileContext<'clock' | 'coordination' | 'plans' | 'tables'>;

/**
 * Begins a plan, or finds it begun: cuts every table into ranges, in the store. What is compared, and how, is kept with
 * the plan, so that a deployment in between changes nothing about it.
 *
 * @throws {OperationError} `InvalidInputError` naming every problem; `OperationLostError` where the failback is over.
 * @throws {ReconcileError} `SchemaDriftError`, `PlanRefusedError`, `StoreRefusedError`, `TransientStoreError`
 */
export function createOpenReconciliation(
  context: Context,
): (input: OpenReconciliationInput) => Promise<OpenedReconciliation> {
  const { config, deployment, region } = context;
  return async ({ request: given, executionName }) => {
    const { section, request } = readRequest(context, given, executionName);
    await assertStillAsked(context, request);
    const { planId, source, target, cutEpochMs, operationId, attempt } = request;
    await openPlan(enginePorts(context, request), {
      planId,
      regions: { source, target },
      cutEpochMs,
      entities: reconciledEntities(config),
      rowsPerRange: section.rowsPerRange,
      repair: section.repair,
      blockOn: section.blockOn,
      verifiesAll: !isReplicated(config.data),
    });
    const plan = {
      ...{ planId, source, target, operationId, attempt },
      bucket: names.planBucket(config, deployment, region),
      concurrency: section.concurrency,
      approvalTimeoutSeconds: section.approvalMinutes * 60,
    };
    return { plan };
  };
}

function readRequest(
  { config }: Context,
  given: unknown,
  executionName: string,
): { readonly section: NonNullable<Context['config']['reconcile']>; readonly request: ReconcileRequest } {
  const parsed = parseReconcileRequest(config, given, executionName);
  if (config.reconcile !== undefined && 'request' in parsed) {
    return { section: config.reconcile, request: parsed.request };
  }
  const problems = 'problems' in parsed ? parsed.problems : [];
  throw new OperationError('InvalidInputError', `the input is refused:\n${problems.map(formatProblem).join('\n')}`, {
    source: 'operator',
    context: { problems },
  });
}
