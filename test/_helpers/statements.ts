import type { Resource } from './synthesize.ts';

/** A statement of an IAM policy, its lists as lists. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly principal: unknown;
  readonly condition: unknown;
}

interface PolicyDocument {
  readonly Statement: readonly {
    readonly Sid?: string;
    readonly Effect: 'Allow' | 'Deny';
    readonly Action: string | readonly string[];
    readonly Resource?: unknown;
    readonly Principal?: unknown;
    readonly Condition?: unknown;
  }[];
}

/** The statements of a policy document, wherever it stands. */
export function statementsOf(document: unknown): readonly Statement[] {
  return (document as PolicyDocument).Statement.map((statement) => ({
    sid: statement.Sid,
    effect: statement.Effect,
    actions: [statement.Action].flat(),
    resources: [statement.Resource].flat(),
    principal: statement.Principal,
    condition: statement.Condition,
  }));
}

/** Everything that a role allows: its inline policies, which are all that ours have. */
export function grantedBy({ Properties }: Resource): readonly Statement[] {
  const policies = (Properties['Policies'] ?? []) as readonly { readonly PolicyDocument: unknown }[];
  return policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
}
