import { CfnResource, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import { fleetHealthChecks } from '../../core/routing/compile/health-checks.ts';
import { OBSERVATION_DEADLINE_MINUTES } from '../../core/routing/switch-observation.ts';
import { BundledFunction } from '../constructs/switchyard-function.ts';
import { deploymentOf } from '../deployment.ts';
import { CAPABILITIES } from '../permissions/capabilities.ts';
import type { FleetSurroundings } from './fleet-steps.ts';

const TIMEOUT = Duration.minutes(OBSERVATION_DEADLINE_MINUTES + 2);

/**
 * The health checks of a fleet's switches, and a parameter for each with its id. Members' stacks read the parameters, so
 * they are written only once Route 53 has looked at every check: a new inverted check is unhealthy until then, and would
 * take its Region out for every member that is deployed meanwhile.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class FleetChecks extends Construct {
  constructor(scope: Construct, id: string, { fleet, bundles }: FleetSurroundings) {
    super(scope, id);
    const checks = fleetHealthChecks(fleet, deploymentOf(Stack.of(this))).map(({ id: name, config }) => {
      const properties = { HealthCheckConfig: config, HealthCheckTags: [{ Key: 'Name', Value: name }] };
      return { name, check: new CfnResource(this, name, { type: 'AWS::Route53::HealthCheck', properties }) };
    });
    const { function: awaitSwitches } = new BundledFunction(this, 'AwaitSwitches', {
      application: names.fleetApplication(fleet.fleet),
      name: 'await-switches',
      bundles,
      description: "Waits until Route 53 has looked at every new check of the fleet's switches.",
      timeout: TIMEOUT,
      // It mostly sleeps.
      memorySize: 256,
      grants: () => CAPABILITIES.observeHealthChecks(),
    });
    const observed = new CustomResource(this, 'Observed', {
      serviceToken: awaitSwitches.functionArn,
      resourceType: 'Custom::ObservedSwitches',
      serviceTimeout: TIMEOUT.plus(Duration.minutes(1)),
      properties: { HealthCheckIds: checks.map(({ check }) => check.ref) },
    });
    for (const { name, check } of checks) {
      const parameter = new StringParameter(this, `Id-${name}`, {
        parameterName: names.fleetCheckParameter(fleet.fleet, name),
        description: `Id of the health check ${name}, for the stacks of the fleet's members.`,
        stringValue: check.ref,
      });
      parameter.node.addDependency(observed);
    }
  }
}
