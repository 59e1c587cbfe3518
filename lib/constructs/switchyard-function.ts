import { join } from 'node:path';
import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Deployment, names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { FUNCTION_MEMORY_MB } from '../../core/function-sizes.ts';
import { deploymentOf } from '../deployment.ts';
import type { FunctionName } from '../functions.ts';
import { createRole } from '../permissions/create-role.ts';
import { grantsOf } from '../permissions/function-grants.ts';
import type { Grant } from '../permissions/grant.ts';
import { networkGrants, runtimeGrants } from '../permissions/runtime-grants.ts';

/** What all functions of a stack have in common. */
export interface FunctionSurroundings {
  readonly config: ResolvedConfig;
  /** Folder that holds a folder per bundle. */
  readonly bundles: string;
  /**
   * Key of the Region's notification topic.
   *
   * @default - the Region has no topic
   */
  readonly topicKeyArn?: string;
}

/** Properties of a function. */
export interface SwitchyardFunctionProps extends FunctionSurroundings, FunctionLimits {
  /** Folder under `lambdas/`; its role follows from it. */
  readonly name: FunctionName;
}

/** How a function runs, whoever's it is. */
export interface FunctionLimits {
  /** What it does, for the console. */
  readonly description: string;
  /** An invocation that takes longer has failed. */
  readonly timeout: Duration;
  /**
   * Memory, MB; the processor's share grows with it.
   *
   * @default 1024 - a step runs a few times a year, and then its cold start counts
   */
  readonly memorySize?: number;
  /**
   * Invocations at once: kept free for it, and never more.
   *
   * @default - taken from the account's unreserved concurrency
   */
  readonly reservedConcurrentExecutions?: number;
}

/** Properties of a function of ours, whoever's it is. */
export interface BundledFunctionProps extends FunctionLimits {
  /** Whom it is named after. */
  readonly application: string;
  /** Folder under `lambdas/`. */
  readonly name: string;
  /** Folder that holds a folder per bundle. */
  readonly bundles: string;
  /**
   * Environment variables besides those that every function has.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * The network of the user's that it runs in.
   *
   * @default - none
   */
  readonly network?: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] } | undefined;
  /** What it may do where it runs, besides running. */
  readonly grants: (site: { readonly deployment: Deployment; readonly region: string }) => readonly Grant[];
}

/**
 * One Lambda of ours: its bundle, a role that may do exactly what its ports need, a log group that forgets.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 */
export class BundledFunction extends Construct {
  /** The function itself. */
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const functionName = names.stepFunction(props, props.name);
    const stack = Stack.of(this);
    const deployment = deploymentOf(stack);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${functionName}`,
      // As long as the service keeps the history of an execution.
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(props.bundles, props.name)),
      handler: 'index.handler',
      role: createRole(this, 'Role', {
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        grants: [
          ...runtimeGrants(logGroup.logGroupArn),
          ...(props.network === undefined ? [] : networkGrants()),
          ...props.grants({ deployment, region: stack.region }),
        ],
      }),
      timeout: props.timeout,
      memorySize: props.memorySize ?? FUNCTION_MEMORY_MB.step,
      tracing: Tracing.ACTIVE,
      logGroup,
      environment: {
        SWITCHYARD_ACCOUNT: deployment.account,
        SWITCHYARD_PARTITION: deployment.partition,
        ...props.environment,
      },
      ...(props.reservedConcurrentExecutions === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrentExecutions }),
    });
    if (props.network !== undefined) placeIn(this.function, props.network);
  }
}

/** Subnets and groups are known by their ids alone: synthesis looks nothing up in an account. */
function placeIn(
  lambda: LambdaFunction,
  { subnets, securityGroups }: NonNullable<BundledFunctionProps['network']>,
): void {
  const resource = lambda.node.defaultChild as CfnFunction;
  resource.vpcConfig = { subnetIds: [...subnets], securityGroupIds: [...securityGroups] };
}

/** A function of an application; its role follows from its name. */
export class SwitchyardFunction extends BundledFunction {
  /** Folder of the function under `lambdas/`. */
  readonly name: FunctionName;

  constructor(scope: Construct, id: string, props: SwitchyardFunctionProps) {
    const { application } = props.config;
    super(scope, id, { ...props, application, grants: (site) => grantsOf(props.name, { ...props, ...site }) });
    this.name = props.name;
  }
}
