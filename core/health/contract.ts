import * as z from 'zod';

/** A count that is none is not said; what else a component says is heard all the same. */
const count = z.int().min(0).optional().catch(undefined);

const componentSchema = z.looseObject({
  status: z.enum(['passed', 'failed', 'unknown']),
  reason: z.string().optional(),
  /** Instances that there are to be, and those of them that work; more than are to be where old and new ones overlap. */
  instances: count,
  healthyInstances: count,
});
/** What the document says about one component. */
export type ComponentHealth = Readonly<z.output<typeof componentSchema>>;

/**
 * The contract health document that an application serves (docs/contract-health.md). A 200 alone is not healthy: the
 * document says which parts work and which revisions the Region runs.
 */
const contractSchema = z.looseObject({
  status: z.enum(['passed', 'failed']),
  schema_rev: z.string().optional(),
  model_tag: z.string().optional(),
  index_hash: z.string().optional(),
  secrets_rev: z.string().optional(),
  release: z.string().optional(),
  coordination: z.enum(['reachable', 'unreachable']).optional(),
  checks: z.record(z.string(), componentSchema),
});
export type ContractHealth = Readonly<z.output<typeof contractSchema>>;

/** Reads the document; undefined where it is not one, which says nothing about the Region. */
export function parseContractHealth(body: string): ContractHealth | undefined {
  try {
    const parsed = contractSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Differences between the revisions that are expected and those that a document reports, one text each. */
export function contractMismatches(
  expected: Readonly<Record<string, string | undefined>>,
  health: ContractHealth | undefined,
): readonly string[] {
  if (health === undefined) return ['the contract health document cannot be read'];
  return Object.entries(expected).flatMap(([revision, wanted]) => {
    const found = health[revision];
    return wanted === undefined || found === wanted
      ? []
      : [`${revision} is ${JSON.stringify(found ?? null)}, expected "${wanted}"`];
  });
}
