import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { parameterNameOf, type SecretReference } from '../../core/notification/secret-reference.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Secret } from '../notification/webhook-channels.ts';
import { errorName, isTransient } from './translate-error.ts';

/**
 * A secret by its reference, in the Region of the client; kept once it was read. Parameter Store also hands out the
 * secrets of Secrets Manager, so that one client serves both.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
 * @throws {OperationError} naming the reference, never the value
 */
export function createSecretParameter(client: SSMClient, reference: SecretReference): Secret {
  const Name = parameterNameOf(reference);
  let known: string | undefined;
  return {
    read: async () => {
      known ??= await readValue(client, Name);
      return known;
    },
    forget: () => {
      known = undefined;
    },
  };
}

async function readValue(client: SSMClient, Name: string): Promise<string> {
  const fail = (why: string, retryable: boolean): OperationError =>
    new OperationError('TransientPlatformError', `the secret ${Name} cannot be read: ${why}`, { retryable });
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }));
    const value = Parameter?.Value?.trim() ?? '';
    if (value !== '') return value;
  } catch (error) {
    throw fail(errorName(error), isTransient(error));
  }
  throw fail('it is empty', false);
}
