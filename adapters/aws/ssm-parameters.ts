import { PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { errorName, translated } from './translate-error.ts';

/** Parameters that can be created and, through this port, never changed. */
export interface ParameterCreation {
  /** Creates a parameter; false where one of that name exists, whatever its value. */
  create(parameter: { readonly name: string; readonly value: string }): Promise<boolean>;
}

/**
 * Parameter creation on Systems Manager. `Overwrite` is off, and the role of the function holds it to that.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policy-conditions.html
 */
export function createSsmParameters(client: SSMClient): ParameterCreation {
  return {
    create: async ({ name, value }) => {
      const command = new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: false });
      try {
        await translated('create the parameter', () => client.send(command));
        return true;
      } catch (error) {
        if (errorName(error) !== 'ParameterAlreadyExists') throw error;
        return false;
      }
    },
  };
}
