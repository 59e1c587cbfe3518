import { isRecord } from '../../core/is-record.ts';
import { planApprovalMessage } from '../../core/notification/plan-message.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { ReconcileContext } from '../../core/reconcile/machine-ports.ts';
import { approvePlan, readSealed } from '../../core/reconcile/seal-plan.ts';
import type { ApprovePlanInput } from '../../state-machines/contracts-reconcile.ts';
import { assertStillAsked, enginePorts } from '../engine-ports.ts';

type Context = ReconcileContext<'clock' | 'coordination' | 'plans' | 'tables' | 'notifier'>;

/** Characters of a name that are kept; whoever can answer can send anything. */
const LONGEST_NAME = 200;

/**
 * Asks a person whether a plan may be applied, and keeps the answer, which names the digest of the plan that was looked at.
 *
 * @throws {OperationError} `ApprovalDeclinedError` where the answer names another digest; `TransientPlatformError` where
 * nobody could be asked; `OperationLostError` where the failback that asked is over.
 */
export function createApprovePlan(context: Context): (input: ApprovePlanInput) => Promise<void> {
  return async (input) => {
    await assertStillAsked(context, input.plan);
    if (input.taskToken !== undefined) return ask(context, input, input.taskToken);
    const { digest, by } = answerIn(input.answer);
    if (digest !== input.sealed.digest) {
      throw new OperationError(
        'ApprovalDeclinedError',
        `the answer approves ${digest || 'no digest'}, the plan ${input.plan.planId} has ${input.sealed.digest}; look at the plan and start again`,
        { source: 'operator' },
      );
    }
    await approvePlan(enginePorts(context, input.plan), input.plan.planId, { digest, approvedBy: by });
  };
}

async function ask(context: Context, { plan, sealed }: ApprovePlanInput, taskToken: string): Promise<void> {
  const { sections, needsApproval } = await readSealed({ store: context.ports.plans }, plan.planId);
  const message = planApprovalMessage({
    config: context.config,
    region: context.region,
    plan: { ...plan, digest: sealed.digest, sections, needsApproval },
    taskToken,
  });
  const failed = (await context.ports.notifier.send(message)).filter(({ sent }) => !sent);
  // The commands that answer are in the topic's message alone.
  const untold = failed.find(({ channel }) => channel === 'sns');
  if (untold === undefined) return;
  throw new OperationError('TransientPlatformError', `nobody could be asked: ${JSON.stringify(untold)}`, {
    retryable: true,
  });
}

function answerIn(answer: unknown): { readonly digest: string; readonly by: string } {
  const { digest, by } = isRecord(answer) ? answer : {};
  const word = (given: unknown): string => (typeof given === 'string' ? given.slice(0, LONGEST_NAME) : '');
  return { digest: word(digest), by: word(by) || 'somebody who gave no name' };
}
