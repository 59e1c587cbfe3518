import type { GetParameterCommandInput, PutParameterCommandInput } from '@aws-sdk/client-ssm';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** Parameters of every Region, which has the given secrets from the beginning. */
export function createSsm(secrets: ReadonlyMap<string, string> = new Map()): ServiceHandlers {
  const parameters = new Map<string, { value: string; version: number }>();
  const at = (call: AwsCall, name: string | undefined): string => `${call.region}${name}`;
  return {
    PutParameter: ({ Name, Value, Overwrite }: PutParameterCommandInput, call: AwsCall) => {
      const known = parameters.get(at(call, Name));
      if (known !== undefined && Overwrite !== true) {
        throw new ServiceError('ParameterAlreadyExists', 'The parameter already exists.');
      }
      const version = (known?.version ?? 0) + 1;
      parameters.set(at(call, Name), { value: Value ?? '', version });
      return { Version: version };
    },
    GetParameter: ({ Name, WithDecryption }: GetParameterCommandInput, call: AwsCall) => {
      const secret = secrets.get(Name ?? '');
      if (secret !== undefined) {
        const Value = WithDecryption === true ? secret : 'encrypted';
        return { Parameter: { Name, Value, Version: 1, Type: 'SecureString' } };
      }
      const known = parameters.get(at(call, Name));
      if (known === undefined) throw new ServiceError('ParameterNotFound', `Parameter ${Name} not found.`);
      return { Parameter: { Name, Value: known.value, Version: known.version, Type: 'String' } };
    },
  };
}
