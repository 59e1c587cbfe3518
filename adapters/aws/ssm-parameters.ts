import { GetParametersCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
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

/** Parameters that can be read. */
export interface ParameterReader {
  /** The values by name; a parameter that does not exist is left out. */
  read(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Most names in one request: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const PAGE = 10;

/** Parameters on Systems Manager, as they are now. */
export function createParameterReader(client: SSMClient): ParameterReader {
  return {
    read: async (names) => {
      const values = new Map<string, string>();
      for (let first = 0; first < names.length; first += PAGE) {
        const command = new GetParametersCommand({ Names: names.slice(first, first + PAGE) });
        const { Parameters = [] } = await translated('read the parameters', () => client.send(command));
        for (const { Name = '', Value = '' } of Parameters) values.set(Name, Value);
      }
      return values;
    },
  };
}
