import type { HealthCheckConfig } from './health-check.ts';
import type { ResourceRecordSet } from './record-set.ts';

/**
 * A health check of the tree. `id` is a name of ours: the real id is known once it is deployed, and whoever deploys or
 * serves the tree puts it in.
 */
export interface TreeHealthCheck {
  readonly id: string;
  readonly config: HealthCheckConfig;
}

/**
 * Everything that a config means in Route 53: the same value feeds the stack, the twin and the drift check.
 * `HealthCheckId` and `ChildHealthChecks` hold the names of {@link TreeHealthCheck}.
 */
export interface RecordTree {
  readonly hostedZoneName: string;
  readonly records: readonly ResourceRecordSet[];
  readonly healthChecks: readonly TreeHealthCheck[];
}

/** The tree with every name of a health check replaced by what `idOf` gives for it. */
export function withHealthCheckIds(tree: RecordTree, idOf: (name: string) => string): RecordTree {
  return {
    ...tree,
    records: tree.records.map((record) =>
      record.HealthCheckId === undefined ? record : { ...record, HealthCheckId: idOf(record.HealthCheckId) },
    ),
    healthChecks: tree.healthChecks.map(({ id, config }) => ({
      id: idOf(id),
      config:
        config.ChildHealthChecks === undefined
          ? config
          : { ...config, ChildHealthChecks: config.ChildHealthChecks.map(idOf) },
    })),
  };
}
