import * as z from 'zod';
import { findRegion } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { Problem } from '../errors.ts';
import { schemaProblems } from '../schema-problems.ts';

/** Ids become names of objects and of executions. */
const identifier = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, {
  error: 'is no id of a plan; allowed: 1–80 letters, digits, ".", "_" and "-", beginning with a letter or a digit',
});

const requestSchema = z.strictObject({
  planId: identifier.optional(),
  source: z.string(),
  target: z.string(),
  cutEpochMs: z.int().min(0).nullable().default(null),
  requestedBy: z.string().min(1).max(200),
  operationId: z.string().min(1).max(80).nullable().default(null),
  attempt: z.int().min(1).default(1),
});

/**
 * What a failback sends, or a person types in the Step Functions console. `cutEpochMs`: up to when both Regions are known
 * to have had the same rows. A plan of a known id is gone on with.
 */
export type ReconcileRequest = Readonly<z.output<typeof requestSchema>> & { readonly planId: string };

/** Reads the input of the machine that reconciles; a plan without an id is named after the execution. Gives every problem. */
export function parseReconcileRequest(
  config: ResolvedConfig,
  input: unknown,
  executionName: string,
): { readonly request: ReconcileRequest } | { readonly problems: readonly Problem[] } {
  const parsed = requestSchema.safeParse(input);
  const fields = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const problems = [
    ...(parsed.success ? [] : schemaProblems(parsed.error, { input, keysListedIn: 'docs/reconciliation.md' })),
    ...judgeRegions(config, fields),
    ...(config.reconcile === undefined ? [NOT_CONFIGURED] : []),
  ];
  if (!parsed.success || problems.length > 0) return { problems };
  return { request: { ...parsed.data, planId: parsed.data.planId ?? executionName } };
}

const NOT_CONFIGURED: Problem = {
  path: 'reconcile',
  message: 'is not in the config, so there is nothing to compare',
  remedy: 'add the section and deploy',
};

function judgeRegions(config: ResolvedConfig, { source, target }: Record<string, unknown>): readonly Problem[] {
  const allowed = config.regions.map(({ id }) => id).join(', ');
  const strangers = Object.entries({ source, target })
    .filter(([, region]) => typeof region === 'string' && findRegion(config, region) === undefined)
    .map(([path, value]) => ({
      path,
      message: 'is not an application Region',
      value,
      allowed,
      remedy: 'name one of them',
    }));
  if (source === undefined || source !== target) return strangers;
  const same = { path: 'target', message: 'is the source; there is nothing to compare', value: target, allowed };
  return [...strangers, { ...same, remedy: 'name another Region' }];
}
