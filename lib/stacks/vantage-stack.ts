import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { GuardianBucket } from '../constructs/guardian-bucket.ts';
import { Observer } from '../constructs/observer.ts';
import { SwitchAlarms } from '../constructs/switch-alarms.ts';
import { isGuardian } from '../placement.ts';

/** Properties of the stack. */
export interface VantageStackProps {
  readonly config: ResolvedConfig;
  readonly region: string;
  readonly bundles: string;
}

/** A Region in which the application does not run: it observes, and keeps switches where it is asked to. */
export class VantageStack extends Stack {
  constructor(scope: Construct, { config, region, bundles }: VantageStackProps) {
    super(scope, names.stack(config, `vantage-${region}`), {
      env: { region },
      description: `Switchyard: observer of ${config.application} in ${region}`,
    });
    new Observer(this, 'Observer', { config, bundles });
    if (config.evacuation.kind === 'cloudwatch') new SwitchAlarms(this, 'SwitchAlarms', { config });
    if (isGuardian(config, region)) new GuardianBucket(this, 'Guardian', { config });
  }
}
