import { traitsOf } from '../../config/accessors.ts';
import type { Deployment } from '../../config/names.ts';
import type { ResolvedConfig } from '../../config/types.ts';
import type { RecordTree } from '../record-tree.ts';
import type { Weights } from '../weights.ts';
import { activeActiveRecords } from './active-active.ts';
import { failoverRecords } from './failover.ts';
import { healthChecksOf } from './health-checks.ts';

/**
 * Compiles a config to record sets and health checks. Pure: the same config, deployment and weights give the same tree.
 */
export function compileRecordTree(config: ResolvedConfig, deployment: Deployment, weights: Weights): RecordTree {
  const records =
    traitsOf(config).roles === 'all-active' ? activeActiveRecords(config, weights) : failoverRecords(config, weights);
  return { hostedZoneName: config.hostedZoneName, records, healthChecks: healthChecksOf(config, deployment) };
}
