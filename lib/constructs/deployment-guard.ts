import { createHash } from 'node:crypto';
import { CustomResource, Duration, Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type FunctionSurroundings, SwitchyardFunction } from './switchyard-function.ts';

/** A live weight as a change set was made from it. */
export interface GuardedWeight {
  /** Name of the parameter that it is kept in. */
  readonly parameter: string;
  /** A token for what CloudFormation has read there. */
  readonly weight: string;
}

/** Properties of the guard. */
export interface DeploymentGuardProps extends FunctionSurroundings {
  readonly weights: readonly GuardedWeight[];
  /** Properties of everything that is deployed behind the guard, by any key; asked for at synthesis. */
  readonly guarded: () => Readonly<Record<string, unknown>>;
}

/** Reads and judges: some calls of two attempts, two seconds each. */
const TIMEOUT = Duration.minutes(1);

/**
 * Refuses a deployment of health checks and records while an operation runs, or while coordination state, records,
 * parameters and the weights of the change set disagree. It is asked whenever anything behind it changes: a digest of
 * that is among its properties, and CloudFormation asks a custom resource again when one of those has changed.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-update.html
 */
export class DeploymentGuard extends Construct {
  private readonly serviceToken: string;
  private readonly properties: Readonly<Record<string, unknown>>;

  constructor(scope: Construct, id: string, { weights, guarded, ...surroundings }: DeploymentGuardProps) {
    super(scope, id);
    this.serviceToken = new SwitchyardFunction(this, 'GuardDeployment', {
      ...surroundings,
      name: 'guard-deployment',
      description: 'Refuses a deployment of the records while an operation runs or the weights disagree.',
      timeout: TIMEOUT,
      memorySize: 512,
    }).function.functionArn;
    this.properties = {
      Digest: Lazy.uncachedString({ produce: (context) => digestOf(context.resolve(guarded())) }),
      Weights: weights
        .toSorted((a, b) => (a.parameter < b.parameter ? -1 : 1))
        .map(({ parameter, weight }) => ({ Parameter: parameter, Weight: weight })),
    };
  }

  /**
   * A place in the deployment at which it is asked. Before the health checks, so that nothing has changed where it
   * refuses; and again before the records, since a new evacuation switch is awaited in between, for up to ten minutes.
   */
  check(id: string): CustomResource {
    return new CustomResource(this, id, {
      serviceToken: this.serviceToken,
      resourceType: 'Custom::DeploymentGuard',
      serviceTimeout: TIMEOUT.plus(Duration.minutes(1)),
      properties: this.properties,
    });
  }
}

/** The same whatever the order in which checks and records are declared. */
function digestOf(guarded: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(guarded).map(([key, properties]) => `${key} ${JSON.stringify(properties)}`);
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('hex');
}
