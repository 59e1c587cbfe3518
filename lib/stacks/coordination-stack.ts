import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { CoordinationTable } from '../constructs/coordination-table.ts';
import { LiveWeights } from '../constructs/live-weights.ts';

/** Properties of the stack. */
export interface CoordinationStackProps {
  readonly config: ResolvedConfig;
  readonly coordination: NonNullable<ResolvedConfig['coordination']>;
  readonly bundles: string;
}

/** What the Regions agree by: the strongly consistent table, and the live weights. In the first replica's Region. */
export class CoordinationStack extends Stack {
  constructor(scope: Construct, { config, coordination, bundles }: CoordinationStackProps) {
    super(scope, names.stack(config, 'coordination'), {
      env: { region: coordination.replicas[0] },
      description: `Switchyard: coordination of ${config.application}`,
      terminationProtection: true,
    });
    new CoordinationTable(this, 'Coordination', { config, ...coordination });
    new LiveWeights(this, 'LiveWeights', { config, bundles });
  }
}
