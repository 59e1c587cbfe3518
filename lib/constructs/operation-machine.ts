import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { AnyMachine } from '../../state-machines/contracts-reconcile.ts';
import { deploymentOf } from '../deployment.ts';
import { createRole } from '../permissions/create-role.ts';
import type { Grant } from '../permissions/grant.ts';
import { machineGrants, mapRunGrants } from '../permissions/runtime-grants.ts';

/** Properties of a state machine. */
export interface OperationMachineProps {
  readonly config: Pick<ResolvedConfig, 'application'>;
  /** Which definition, `state-machines/<machine>.asl.json`. */
  readonly machine: AnyMachine;
  /** The functions that its placeholders stand for. */
  readonly steps: { functionFor(placeholder: string): IFunction };
  /** Whether it runs Maps of its own in distributed mode, whose children are executions of it. @default false */
  readonly runsMaps?: boolean;
  /** What else its role may do. @default - nothing */
  readonly grants?: readonly Grant[];
}

/**
 * A state machine from the very file that tests and rehearsals run: the file is an asset, and CloudFormation puts the
 * functions in the place of its placeholders. It may call those functions and no others.
 */
export class OperationMachine extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { config, machine, steps, runsMaps = false, grants = [] }: OperationMachineProps,
  ) {
    super(scope, id);
    const stack = Stack.of(this);
    const stateMachineName = names.stateMachine(config, machine);
    const stateMachineArn = names.stateMachineArn(config, deploymentOf(stack), { region: stack.region, machine });
    const file = fileURLToPath(new URL(`../../state-machines/${machine}.asl.json`, import.meta.url));
    const arns = placeholdersIn(file).map((name) => [name, steps.functionFor(name).functionArn] as const);
    const destination = new LogGroup(this, 'Logs', {
      // The prefix keeps the group out of the account's size-limited resource policy: bp-cwl in the developer guide.
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
      // Until the year's drills are compared; the service itself forgets an execution after 90 days.
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new StateMachine(this, 'StateMachine', {
      stateMachineName,
      definitionBody: DefinitionBody.fromFile(file),
      definitionSubstitutions: Object.fromEntries(arns),
      role: createRole(this, 'Role', {
        assumedBy: new ServicePrincipal('states.amazonaws.com', {
          conditions: { ArnEquals: { 'aws:SourceArn': stateMachineArn } },
        }),
        grants: [
          ...machineGrants(arns.map(([, arn]) => arn)),
          ...(runsMaps ? mapRunGrants(stateMachineArn) : []),
          ...grants,
        ],
      }),
      // Without the data, which holds the task token that answers an approval; the execution's own history has it.
      logs: { destination, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
  }
}

/** The names in `${…}` of a definition, each once. */
function placeholdersIn(file: string): readonly string[] {
  const found = [...readFileSync(file, 'utf8').matchAll(/\$\{([^}]*)\}/g)].map(([, placeholder = '']) => placeholder);
  return [...new Set(found)].sort();
}
