import type { InvokeCommandInput } from '@aws-sdk/client-lambda';
import type { FunctionAnswer, FunctionQuestion } from '../../core/health/function-answer.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';

/** Functions of the user's, each of which looks whether the Region it is asked about answers the Region it runs in. */
export function createUserFunctions(isInSight: (from: string, to: string) => boolean): ServiceHandlers {
  return {
    Invoke: ({ Payload = '' }: InvokeCommandInput, { region }: AwsCall) => {
      const { subject } = JSON.parse(Buffer.from(Payload as Uint8Array).toString('utf8')) as FunctionQuestion;
      const answer: FunctionAnswer = isInSight(region, subject)
        ? { status: 'passed' }
        : { status: 'failed', reason: `${subject} does not answer` };
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(answer)) };
    },
  };
}
