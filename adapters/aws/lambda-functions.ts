import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { FunctionCaller } from '../../core/ports.ts';
import { reasonOf, within } from '../within.ts';
import { errorName } from './translate-error.ts';

/**
 * Functions of the Region of the client, called and waited for. An error of the function's own comes as an answer that
 * names it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html (FunctionError)
 */
export function createLambdaFunctions(client: LambdaClient): FunctionCaller {
  return {
    call: async (functionName, payload, timeoutMs) => {
      const Payload = Buffer.from(JSON.stringify(payload));
      try {
        const { FunctionError, Payload: answer } = await within(timeoutMs, (abortSignal) =>
          client.send(new InvokeCommand({ FunctionName: functionName, Payload }), { abortSignal }),
        );
        const body = Buffer.from(answer ?? []).toString('utf8');
        if (FunctionError === undefined) return { answered: true, body };
        return { answered: false, reason: `${functionName} failed: ${body}` };
      } catch (error) {
        return { answered: false, reason: `${functionName}: ${errorName(error)}: ${reasonOf(error)}` };
      }
    },
  };
}
