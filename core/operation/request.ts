import * as z from 'zod';
import { findRegion } from '../config/accessors.ts';
import type { ResolvedConfig } from '../config/types.ts';
import type { Problem } from '../errors.ts';
import { schemaProblems } from '../schema-problems.ts';

/** How an operation is run: see docs/operations.md. */
export const MODES = ['automatic', 'planned', 'manual', 'emergency'] as const;
export type Mode = (typeof MODES)[number];

/** Which way traffic goes. */
export type OperationKind = 'failover' | 'failback';

const requestSchema = z.strictObject({
  application: z.string(),
  source: z.string(),
  target: z.string(),
  reason: z.string().min(1).max(500),
  mode: z.enum(MODES),
  requestedBy: z.string().min(1).max(200),
  approval: z.enum(['required', 'none']),
  acceptDataLossSeconds: z.number().min(0).max(86_400).optional(),
  ticket: z.string().max(200).optional(),
  epoch: z.int().min(0).optional(),
  /** Set by a fleet's machine: the operation of the fleet whose switch this one waits for. */
  fleet: z.strictObject({ operationId: z.string().min(1) }).optional(),
  resume: z.string().min(1).max(80).optional(),
  abort: z.string().min(1).max(80).optional(),
});

/**
 * What a person types in the Step Functions console, and what an observer sends (with `epoch`). `resume` and `abort` name
 * an operation whose execution is gone: it is gone on with, or ended, under this execution.
 */
export type OperationRequest = Readonly<z.output<typeof requestSchema>>;

/** Reads a machine's input. Gives every problem at once. */
export function parseRequest(
  config: ResolvedConfig,
  input: unknown,
): { readonly request: OperationRequest } | { readonly problems: readonly Problem[] } {
  const parsed = requestSchema.safeParse(input);
  const fields = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const problems = [
    ...(parsed.success ? [] : schemaProblems(parsed.error, { input, keysListedIn: 'docs/operations.md' })),
    ...judge(config, fields),
  ];
  return parsed.success && problems.length === 0 ? { request: parsed.data } : { problems };
}

function judge(
  config: ResolvedConfig,
  { application, source, target, resume, abort }: Record<string, unknown>,
): readonly Problem[] {
  const regions = config.regions.map(({ id }) => id).join(', ');
  const problems: Problem[] = [];
  if (typeof application === 'string' && application !== config.application) {
    problems.push({
      path: 'application',
      message: 'is not the application of this deployment',
      value: application,
      allowed: config.application,
      remedy: "start the other application's machine",
    });
  }
  for (const [path, region] of Object.entries({ source, target })) {
    if (typeof region !== 'string' || findRegion(config, region) !== undefined) continue;
    problems.push({
      path,
      message: 'is not an application Region',
      value: region,
      allowed: regions,
      remedy: 'name one of them',
    });
  }
  if (resume !== undefined && abort !== undefined) {
    problems.push({
      path: 'abort',
      message: 'stands beside resume; an operation is either gone on with or ended',
      value: abort,
      allowed: 'one of the two',
      remedy: 'leave one of them out',
    });
  }
  if (source !== undefined && source === target) {
    problems.push({
      path: 'target',
      message: 'is the source; there is nowhere to go',
      value: target,
      allowed: regions,
      remedy: 'name another Region',
    });
  }
  return problems;
}
