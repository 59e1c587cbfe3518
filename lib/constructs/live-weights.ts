import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import { desiredWeights } from '../../core/routing/weights.ts';
import { type FunctionSurroundings, SwitchyardFunction } from './switchyard-function.ts';

/** Longest time that creating the parameters of a large application may take. */
const TIMEOUT = Duration.minutes(2);

/**
 * One Systems Manager parameter per weighted record, created where it is missing and never changed by a deployment:
 * operations keep the live weights there, and the records' stack reads them, so that a deployment moves no traffic.
 *
 * A custom resource, since an `AWS::SSM::Parameter` would put its template value back on any property change.
 */
export class LiveWeights extends Construct {
  constructor(scope: Construct, id: string, props: FunctionSurroundings) {
    super(scope, id);
    const { function: ensureWeights } = new SwitchyardFunction(this, 'EnsureWeights', {
      ...props,
      name: 'ensure-weights',
      description: 'Creates live weights that are missing and leaves those that exist alone.',
      timeout: TIMEOUT,
    });
    new CustomResource(this, 'Parameters', {
      serviceToken: ensureWeights.functionArn,
      resourceType: 'Custom::LiveWeights',
      serviceTimeout: TIMEOUT.plus(Duration.minutes(1)),
      // The function knows the weights; another list of names is what makes CloudFormation ask it again.
      properties: {
        Names: desiredWeights(props.config, {}).map((desired) => names.weightParameter(props.config, desired)),
      },
    });
  }
}
