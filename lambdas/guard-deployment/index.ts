import { cloudFormationClient, ssmClient } from '../../adapters/aws/clients.ts';
import { createStackReader } from '../../adapters/aws/cloudformation-stacks.ts';
import { recordsPort, statePort } from '../../adapters/aws/create-ports.ts';
import { customResourceHandler } from '../../adapters/aws/custom-resource-handler.ts';
import { createParameterReader } from '../../adapters/aws/ssm-parameters.ts';
import { createGuardDeployment } from './guard-deployment.ts';

/** Lambda entry of the custom resource; wiring and nothing else. */
export const handler = customResourceHandler('guard-deployment', (environment, { clock }) =>
  createGuardDeployment({
    clock,
    config: environment.config,
    stacks: createStackReader(cloudFormationClient(environment.region, environment.clients)),
    state: statePort(environment),
    records: recordsPort(environment),
    parameters: createParameterReader(ssmClient(environment.region, environment.clients)),
  }),
);
