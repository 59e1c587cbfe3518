import { Aws, Validations } from 'aws-cdk-lib';
import { type IPrincipal, type IRole, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type Grant, resourcesOf, wideResourcesOf } from './grant.ts';

/** Who takes a role, and everything that it may do. */
export interface RoleProps {
  readonly assumedBy: IPrincipal;
  readonly grants: readonly Grant[];
}

/**
 * Creates a role that may do what the grants say, for good: other constructs add nothing to it. What they would add is
 * named in the grants, where guards and people read it.
 */
export function createRole(scope: Construct, id: string, { assumedBy, grants }: RoleProps): IRole {
  const role = new Role(scope, id, {
    assumedBy,
    inlinePolicies: { Grants: new PolicyDocument({ statements: grants.map(statementOf) }) },
  });
  acknowledgeWideResources(role, grants);
  return role.withoutPolicyUpdates();
}

/**
 * Answers cdk-nag's rule about wildcards (AwsSolutions-IAM5) with the reasons that the grants state; a pattern without a
 * reason stays a finding, and fails test/cdk/nag.test.ts.
 */
function acknowledgeWideResources(role: Role, grants: readonly Grant[]): void {
  const reasons = new Map<string, Set<string>>();
  for (const { resource, because } of grants.flatMap(wideResourcesOf)) {
    // The rule names a pseudo parameter as a template's text would.
    const named = resource.replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>').replaceAll(Aws.PARTITION, '<AWS::Partition>');
    reasons.set(named, (reasons.get(named) ?? new Set()).add(because));
  }
  for (const [resource, because] of reasons) {
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason: [...because].join('; '),
    });
  }
}

function statementOf(grant: Grant): PolicyStatement {
  const { purpose, actions, conditions } = grant;
  return new PolicyStatement({
    sid: purpose,
    actions: [...actions],
    resources: [...resourcesOf(grant)],
    ...(conditions === undefined ? {} : { conditions }),
  });
}
