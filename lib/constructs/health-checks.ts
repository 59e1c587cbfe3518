import { CfnResource } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { applicationRegions, fleetOf } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { checkNames, FLEET_SWITCHES } from '../../core/routing/compile/health-checks.ts';
import type { TreeHealthCheck } from '../../core/routing/record-tree.ts';
import { ObservedSwitches } from './observed-switches.ts';
import type { FunctionSurroundings } from './switchyard-function.ts';

/** Properties of the health checks. */
export interface HealthChecksProps extends FunctionSurroundings {
  /** The compiled checks; calculated ones know their children by name. */
  readonly healthChecks: readonly TreeHealthCheck[];
}

/**
 * The health checks of a record tree. Calculated checks come into being, and change, only after Route 53 has looked at
 * every evacuation switch: a new inverted check is unhealthy until then, and would take its Region out.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
 */
export class HealthChecks extends Construct {
  /** The checks themselves, without what waits for them. */
  readonly checks: CfnResource[] = [];
  /** What is deployed of each check, by its name in the tree. */
  readonly deployed = new Map<string, unknown>();
  private readonly ids = new Map<string, string>();
  private readonly fleetIds: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, { healthChecks, ...surroundings }: HealthChecksProps) {
    super(scope, id);
    this.fleetIds = fleetCheckIds(this, surroundings.config);
    const calculated = healthChecks.filter(({ config }) => config.Type === 'CALCULATED');
    const observing = healthChecks.filter((check) => !calculated.includes(check));
    for (const check of observing) this.add(check);
    const switches = observing.filter(({ config }) => config.Inverted === true).map(({ id: name }) => this.idOf(name));
    const parents = calculated.map((check) => this.add(check));
    if (switches.length === 0) return;
    const observed = new ObservedSwitches(this, 'ObservedSwitches', { ...surroundings, healthCheckIds: switches });
    for (const parent of parents) parent.node.addDependency(observed);
  }

  /** The id that Route 53 gives to the check of that name in the tree. */
  idOf(name: string): string {
    const id = this.ids.get(name) ?? this.fleetIds.get(name);
    if (id !== undefined) return id;
    const allowed = [...this.ids.keys()].join(', ');
    throw new RangeError(`the record tree has no such health check (found "${name}"; allowed: ${allowed})`);
  }

  /** The tree speaks the API's language, and CloudFormation's for a health check is the same, field by field. */
  private add({ id, config }: TreeHealthCheck): CfnResource {
    const children = config.ChildHealthChecks?.map((name) => this.idOf(name));
    const properties = {
      HealthCheckConfig: { ...config, ...(children === undefined ? {} : { ChildHealthChecks: children }) },
      HealthCheckTags: [{ Key: 'Name', Value: id }],
    };
    const check = new CfnResource(this, id, { type: 'AWS::Route53::HealthCheck', properties });
    this.checks.push(check);
    this.deployed.set(id, properties);
    this.ids.set(id, check.ref);
    return check;
  }
}

/**
 * Ids of the checks of the fleet's switches, by their names in the tree. The fleet's stack keeps them in parameters of the
 * Region where it, and its members' records, are deployed.
 */
function fleetCheckIds(scope: Construct, config: ResolvedConfig): ReadonlyMap<string, string> {
  const fleet = fleetOf(config);
  if (fleet === undefined) return new Map();
  const checks = applicationRegions(config).flatMap((region) =>
    FLEET_SWITCHES.map((position) => checkNames.fleetSwitch(region, position)),
  );
  return new Map(
    checks.map((name) => [
      name,
      StringParameter.valueForStringParameter(scope, names.fleetCheckParameter(fleet.name, name)),
    ]),
  );
}
