import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import type { FunctionAnswer, FunctionQuestion } from '../../core/health/function-answer.ts';
import type { DataQuestion } from '../../core/operation/data-answers.ts';
import type { ScalingQuestion } from '../../core/operation/scaling-answers.ts';
import type { FleetSizes } from '../world/fleet-sizes.ts';
import type { GlobalDatabase } from '../world/global-database.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { answerScalingQuestion } from './scaling.ts';
import { answerDataQuestion } from './user-data-tier.ts';

/** What functions of the user's know of the world. */
export interface UserFunctionsSettings {
  readonly isInSight: (from: string, to: string) => boolean;
  readonly database: GlobalDatabase | undefined;
  readonly sizes: FleetSizes;
}

/**
 * Functions of the user's: checks look whether the Region they are asked about answers the Region they run in; a data tier
 * is asked and promoted; something is scaled; a fence hook has nothing to close here and succeeds.
 */
export function createUserFunctions(settings: UserFunctionsSettings): ServiceHandlers {
  return {
    Invoke: ({ Payload = '' }: InvokeCommandInput, { region }: AwsCall) => {
      const question = JSON.parse(Buffer.from(Payload as Uint8Array).toString('utf8')) as Record<string, unknown>;
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(answerTo(settings, question, region))) };
    },
  };
}

function answerTo(
  { isInSight, database, sizes }: UserFunctionsSettings,
  question: Readonly<Record<string, unknown>>,
  region: string,
): unknown {
  if ('check' in question) return look(isInSight(region, (question as unknown as FunctionQuestion).subject), question);
  if (question['action'] === 'size' || question['action'] === 'scale') {
    return answerScalingQuestion(sizes, region, question as unknown as ScalingQuestion);
  }
  if ('action' in question && database !== undefined) {
    return answerDataQuestion(database, question as unknown as DataQuestion);
  }
  return {};
}

function look(inSight: boolean, { subject }: Readonly<Record<string, unknown>>): FunctionAnswer {
  return inSight ? { status: 'passed' } : { status: 'failed', reason: `${String(subject)} does not answer` };
}
