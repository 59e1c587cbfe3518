import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { OBSERVATION_DEADLINE_MINUTES } from '../../core/routing/switch-observation.ts';
import { type FunctionSurroundings, SwitchyardFunction } from './switchyard-function.ts';

/** Properties of the wait. */
export interface ObservedSwitchesProps extends FunctionSurroundings {
  /** Ids of the evacuation switches' health checks. */
  readonly healthCheckIds: readonly string[];
}

/** The function gives up by itself and says why; this only has to be longer. */
const TIMEOUT = Duration.minutes(OBSERVATION_DEADLINE_MINUTES + 2);

/** Done when Route 53 has looked at every switch that is new in this deployment; fails the deployment otherwise. */
export class ObservedSwitches extends Construct {
  constructor(scope: Construct, id: string, { healthCheckIds, ...surroundings }: ObservedSwitchesProps) {
    super(scope, id);
    const { function: awaitSwitches } = new SwitchyardFunction(this, 'AwaitSwitches', {
      ...surroundings,
      name: 'await-switches',
      description: 'Waits until Route 53 has looked at every new evacuation switch.',
      timeout: TIMEOUT,
      // It mostly sleeps.
      memorySize: 256,
    });
    new CustomResource(this, 'Observed', {
      serviceToken: awaitSwitches.functionArn,
      resourceType: 'Custom::ObservedSwitches',
      serviceTimeout: TIMEOUT.plus(Duration.minutes(1)),
      properties: { HealthCheckIds: healthCheckIds },
    });
  }
}
