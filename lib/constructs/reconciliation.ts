import { Duration, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { placeholderOf } from '../../state-machines/contracts.ts';
import {
  RECONCILE_MACHINE,
  RECONCILE_STEP_LIMITS,
  RECONCILE_STEPS,
  type ReconcileStep,
} from '../../state-machines/contracts-reconcile.ts';
import { deploymentOf } from '../deployment.ts';
import { reachesTables, reconcileGrantsOf } from '../permissions/reconcile-grants.ts';
import { itemReaderGrants } from '../permissions/runtime-grants.ts';
import { OperationMachine } from './operation-machine.ts';
import { PlanBucket } from './plan-bucket.ts';
import { BundledFunction, type FunctionSurroundings } from './switchyard-function.ts';

/** Properties of what makes data agree. */
export interface ReconciliationProps extends FunctionSurroundings {
  /** What the config says of it. */
  readonly section: Pick<NonNullable<ResolvedConfig['reconcile']>, 'store'>;
}

/**
 * Certificates of Amazon RDS, which the runtime has and Node does not read by itself.
 *
 * @see https://aws.amazon.com/blogs/compute/node-js-20-x-runtime-now-available-in-aws-lambda/
 */
const RDS_CERTIFICATES = { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' };

/**
 * The machine that makes the data of two Regions agree, its functions and its plans. In every application Region, since it
 * runs in the one that traffic goes back to.
 */
export class Reconciliation extends Construct {
  private readonly functions = new Map<ReconcileStep, IFunction>();

  constructor(scope: Construct, id: string, { section, ...surroundings }: ReconciliationProps) {
    super(scope, id);
    const { config } = surroundings;
    new PlanBucket(this, 'Plans', { config });
    for (const step of RECONCILE_STEPS) this.addStep(step, section, surroundings);
    const stack = Stack.of(this);
    const deployment = deploymentOf(stack);
    // By its name: a policy that points at the resource could not be read by the guards.
    const bucket = names.planBucket(config, deployment, stack.region);
    const grants = itemReaderGrants(`arn:${deployment.partition}:s3:::${bucket}`);
    new OperationMachine(this, 'Machine', { config, machine: RECONCILE_MACHINE, steps: this, runsMaps: true, grants });
  }

  /** The function that a placeholder of the definition stands for. */
  functionFor(placeholder: string): IFunction {
    const found = [...this.functions].find(([step]) => placeholderOf(step) === placeholder);
    if (found !== undefined) return found[1];
    const allowed = RECONCILE_STEPS.map(placeholderOf).join(', ');
    throw new RangeError(
      `no step of a reconciliation has this placeholder (found "${placeholder}"; allowed: ${allowed}); correct the definition, or add the step to RECONCILE_STEP_LIMITS`,
    );
  }

  private addStep(
    step: ReconcileStep,
    { store }: ReconciliationProps['section'],
    { config, bundles, topicKeyArn }: FunctionSurroundings,
  ): void {
    const { region } = Stack.of(this);
    const isDatabase = store.kind === 'postgres' && reachesTables(step);
    const made = new BundledFunction(this, placeholderOf(step), {
      application: config.application,
      name: step,
      bundles,
      description: `The step ${step} of a reconciliation.`,
      timeout: Duration.seconds(RECONCILE_STEP_LIMITS[step].timeoutSeconds),
      ...(isDatabase ? { environment: RDS_CERTIFICATES, network: store.network?.[region] } : {}),
      grants: (site) =>
        reconcileGrantsOf(step, { config, ...site, ...(topicKeyArn === undefined ? {} : { topicKeyArn }) }),
    });
    this.functions.set(step, made.function);
  }
}
