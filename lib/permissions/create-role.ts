import { type IPrincipal, type IRole, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type Grant, resourcesOf } from './grant.ts';

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
  return new Role(scope, id, {
    assumedBy,
    inlinePolicies: { Grants: new PolicyDocument({ statements: grants.map(statementOf) }) },
  }).withoutPolicyUpdates();
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
