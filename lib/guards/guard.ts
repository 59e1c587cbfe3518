import type { ResolvedConfig } from '../../core/config/types.ts';
import type { Problem } from '../../core/errors.ts';
import type { RecordTree } from '../../core/routing/record-tree.ts';
import type { FunctionName } from '../functions.ts';
import type { Grant } from '../permissions/grant.ts';

/** What is about to be deployed, in plain values. */
export interface GuardSubject {
  readonly config: ResolvedConfig;
  readonly tree: RecordTree;
  readonly functions: readonly GuardedFunction[];
}

/** A function and what its role allows. */
export interface GuardedFunction {
  readonly name: FunctionName;
  readonly grants: readonly Grant[];
}

/**
 * A check at synthesis: everything in the subject that must not be deployed, each with what is wrong, the value, what is
 * allowed and what to do. Pure, and knows nothing of the CDK.
 */
export type Guard = (subject: GuardSubject) => readonly Problem[];
