import { Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { SwitchyardFunction } from '../constructs/switchyard-function.ts';
import { isOnRecoveryPath } from '../functions.ts';
import type { AllowStatement, GuardedRole } from './guard.ts';

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: unknown;
}

/**
 * Every role below a construct, with what it allows, read from what will be in the templates and not from what we meant
 * to grant. A role of none of our functions (a state machine's, a schedule's) is taken to be on the recovery path.
 */
export function rolesIn(root: IConstruct): readonly GuardedRole[] {
  const all = root.node.findAll();
  const roles = all.filter((construct) => construct instanceof CfnRole);
  const attached = all.filter((construct) => construct instanceof CfnPolicy || construct instanceof CfnManagedPolicy);
  return roles.map((role) => {
    const owner = role.node.scopes.find((scope) => scope instanceof SwitchyardFunction);
    const { region } = Stack.of(role);
    const beside = attached.filter((policy) => namesRole(policy, role));
    return {
      path: owner === undefined ? role.node.path : `functions.${owner.name}`,
      region,
      onRecoveryPath: owner === undefined || isOnRecoveryPath(owner.name),
      statements: [...inlineDocuments(role), ...beside.map(({ policyDocument }) => policyDocument)].flatMap(
        (document) => allowances(role, document),
      ),
      managedPolicies: textsOf(resolved(role, role.managedPolicyArns)),
      environment: owner === undefined ? {} : environmentOf(owner),
    };
  });
}

function inlineDocuments(role: CfnRole): readonly unknown[] {
  const policies = (resolved(role, role.policies) ?? []) as readonly { readonly policyDocument: unknown }[];
  return policies.map(({ policyDocument }) => policyDocument);
}

function namesRole(policy: CfnPolicy | CfnManagedPolicy, role: CfnRole): boolean {
  const own = JSON.stringify(resolved(role, role.ref));
  const named = (resolved(policy, policy.roles) ?? []) as readonly unknown[];
  return Stack.of(policy) === Stack.of(role) && named.some((each) => JSON.stringify(each) === own);
}

function allowances(role: CfnRole, document: unknown): readonly AllowStatement[] {
  const { Statement = [] } = (resolved(role, document) ?? {}) as { readonly Statement?: readonly Statement[] };
  return [Statement]
    .flat()
    .flatMap(({ Effect, Action, NotAction, Resource }) =>
      Effect === 'Deny'
        ? []
        : [{ actions: textsOf(Action), notActions: textsOf(NotAction), resources: textsOf(Resource) }],
    );
}

function environmentOf(owner: SwitchyardFunction): Readonly<Record<string, string>> {
  const lambda = owner.node.findAll().find((construct) => construct instanceof CfnFunction);
  const environment = lambda === undefined ? undefined : resolved(lambda, lambda.environment);
  const { variables = {} } = (environment ?? {}) as { readonly variables?: Readonly<Record<string, unknown>> };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, textOf(value)]));
}

function resolved(construct: IConstruct, value: unknown): unknown {
  return Stack.of(construct).resolve(value);
}

function textsOf(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(textOf);
}

/** A text as far as it is known before a deployment; `<deployed>` stands for what is not. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = (value as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] } | null)?.['Fn::Join'];
  return join === undefined ? '<deployed>' : join[1].map(textOf).join(join[0]);
}
