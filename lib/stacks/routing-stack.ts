import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { routingRegion, traitsOf } from '../../core/config/accessors.ts';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { initialState } from '../../core/operation/application-state.ts';
import { compileRecordTree } from '../../core/routing/compile/index.ts';
import type { ResourceRecordSet } from '../../core/routing/record-set.ts';
import { type RecordTree, withHealthCheckIds } from '../../core/routing/record-tree.ts';
import { DeploymentGuard } from '../constructs/deployment-guard.ts';
import { HealthChecks } from '../constructs/health-checks.ts';
import { RecordSets } from '../constructs/record-sets.ts';
import { WeightParameters } from '../constructs/weight-parameters.ts';
import { deploymentOf } from '../deployment.ts';

/** Properties of the stack. */
export interface RoutingStackProps {
  readonly config: ResolvedConfig;
  readonly bundles: string;
}

/**
 * Health checks and records, from the same compiled tree that operations plan on.
 *
 * Where operations move weights, the template takes the live ones. Where nothing does (`dns-failover`), they are the
 * config's own: a parameter that nobody maintains would be a second truth beside it.
 */
export class RoutingStack extends Stack {
  /** What was compiled from the config. */
  readonly tree: RecordTree;

  constructor(scope: Construct, { config, bundles }: RoutingStackProps) {
    super(scope, names.stack(config, 'routing'), {
      env: { region: routingRegion(config) },
      description: `Switchyard: health checks and records of ${config.record}`,
      terminationProtection: true,
    });
    this.tree = compileRecordTree(config, deploymentOf(this), initialState(config).weights);
    const healthChecks = new HealthChecks(this, 'HealthChecks', {
      config,
      bundles,
      healthChecks: this.tree.healthChecks,
    });
    const live = new WeightParameters(this, 'Weights', { config });
    const records = new RecordSets(this, 'Records', {
      config,
      records: withHealthCheckIds(this.tree, (name) => healthChecks.idOf(name)).records,
      weightOf: (record) => (traitsOf(config).orchestrated ? live.weightOf(record) : (record.Weight ?? 0)),
    });
    if (!traitsOf(config).orchestrated) return;
    const guard = new DeploymentGuard(this, 'Guard', {
      config,
      bundles,
      weights: this.tree.records.filter(isWeighted).map((record) => live.readingOf(record)),
      guarded: () => Object.fromEntries([...healthChecks.deployed, ...records.deployed]),
    });
    putBehind(guard, { healthChecks, records });
  }
}

function isWeighted({ Weight }: ResourceRecordSet): boolean {
  return Weight !== undefined;
}

/** Nothing that clients depend on changes before the guard has been asked, and no record before it has been asked again. */
function putBehind(
  guard: DeploymentGuard,
  { healthChecks, records }: { readonly healthChecks: HealthChecks; readonly records: RecordSets },
): void {
  const beforeAll = guard.check('BeforeHealthChecks');
  for (const check of healthChecks.checks) check.node.addDependency(beforeAll);
  const beforeRecords = guard.check('BeforeRecords');
  beforeRecords.node.addDependency(healthChecks);
  records.node.addDependency(beforeRecords);
}
