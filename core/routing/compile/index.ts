import { traitsOf } from '../../config/accessors.ts';
import type { Deployment } from '../../config/names.ts';
import type { ResolvedConfig } from '../../config/types.ts';
import type { ResourceRecordSet } from '../record-set.ts';
import type { RecordTree } from '../record-tree.ts';
import type { Weights } from '../weights.ts';
import { acceleratorRecords } from './accelerator.ts';
import { activeActiveRecords } from './active-active.ts';
import { failoverRecords } from './failover.ts';
import { healthChecksOf } from './health-checks.ts';

/**
 * Compiles a config to record sets and health checks. Pure: the same config, deployment and weights give the same tree.
 */
export function compileRecordTree(config: ResolvedConfig, deployment: Deployment, weights: Weights): RecordTree {
  return {
    hostedZoneName: config.hostedZoneName,
    records: recordsOf(config, weights),
    healthChecks: healthChecksOf(config, deployment),
  };
}

function recordsOf(config: ResolvedConfig, weights: Weights): readonly ResourceRecordSet[] {
  if (config.accelerator !== undefined) return acceleratorRecords(config, config.accelerator);
  return traitsOf(config).roles === 'all-active'
    ? activeActiveRecords(config, weights)
    : failoverRecords(config, weights);
}
