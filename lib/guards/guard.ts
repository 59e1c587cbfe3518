import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Problem } from '../../core/errors.ts';
import type { RecordTree } from '../../core/routing/record-tree.ts';

/** What is about to be deployed, in plain values. */
export interface GuardSubject {
  readonly config: ResolvedConfig;
  readonly tree: RecordTree;
  readonly roles: readonly GuardedRole[];
}

/** A role of a template, and who takes it. */
export interface GuardedRole {
  /** Whose it is: `functions.shift-traffic`, or the path of another construct. */
  readonly path: string;
  /** Where it is used. */
  readonly region: string;
  /** Whether leaving a Region depends on who takes it. */
  readonly onRecoveryPath: boolean;
  /** What it allows, of policies inside and beside it. */
  readonly statements: readonly AllowStatement[];
  /** ARNs of policies whose content is not in the template. */
  readonly managedPolicies: readonly string[];
  /** Environment of the function that takes it; empty for anything else. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A statement that allows something; what a deployment alone knows is a `<deployed>` in it. */
export interface AllowStatement {
  readonly actions: readonly string[];
  /** Actions that are left out of an allowance of all others; none where `actions` says what is allowed. */
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
}

/**
 * A check at synthesis: everything in the subject that must not be deployed, each with what is wrong, the value, what is
 * allowed and what to do. Pure, and knows nothing of the CDK.
 */
export type Guard = (subject: GuardSubject) => readonly Problem[];
