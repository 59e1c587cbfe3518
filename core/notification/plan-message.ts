import type { ResolvedConfig } from '../config/types.ts';
import { totalOf } from '../reconcile/difference.ts';
import type { PlanSection } from '../reconcile/plan.ts';
import type { Message } from './channel.ts';
import { answerCommand, messageOf, subjectOf } from './messages.ts';

/** What a message about a plan is made of. */
export interface PlanMessageFacts {
  readonly config: Pick<ResolvedConfig, 'application'>;
  /** Region of the execution, where its task tokens are answered. */
  readonly region: string;
  readonly plan: {
    readonly planId: string;
    readonly bucket: string;
    readonly digest: string;
    readonly source: string;
    readonly target: string;
    readonly sections: readonly PlanSection[];
    /** Why a person is asked whatever the config says. */
    readonly needsApproval: readonly string[];
  };
  readonly taskToken: string;
}

/** Asks whether a plan of repairs may be applied, with the two commands that approve and decline it. */
export function planApprovalMessage({ config, region, plan, taskToken }: PlanMessageFacts): Message {
  const { planId, bucket, digest, source, target, sections, needsApproval } = plan;
  const output = `--task-output '{"digest":"${digest}","by":"<your name>"}'`;
  const commands = {
    approve: answerCommand('send-task-success', taskToken, output, region),
    decline: answerCommand('send-task-failure', taskToken, '--error ApprovalDeclinedError --cause "<why>"', region),
  };
  const differing = sections.map(({ name, differences, puts, deletes, unresolved }) => {
    return { name, differences: totalOf(differences), puts, deletes, unresolved };
  });
  const facts = {
    event: 'plan-approval-requested',
    status: 'WAITING',
    application: config.application,
    planId,
    plan: `s3://${bucket}/${planId}/plan.json`,
    digest,
    source,
    target,
    sections: differing,
    needsApproval,
  };
  const counts = differing
    .filter(({ differences }) => differences > 0)
    .map(({ name, puts, deletes }) => `${name}: ${puts} rows written, ${deletes} deleted`);
  const doubts = needsApproval.length === 0 ? '' : `Look at it first: ${needsApproval.join('; ')}. `;
  return messageOf(subjectOf('RECONCILE', 'APPROVAL', { application: config.application, source, target }), {
    facts,
    commands,
    text: `Approve or decline the repair of the data of ${config.application} between ${source} and ${target}: ${counts.join('; ')}. ${doubts}Nothing has been changed.`,
  });
}
