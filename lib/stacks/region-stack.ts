import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { names } from '../../core/config/names.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import { needsComparison } from '../../core/parity/items.ts';
import { MACHINES } from '../../state-machines/contracts.ts';
import { AlarmRule } from '../constructs/alarm-rule.ts';
import { EndRecorder } from '../constructs/end-recorder.ts';
import { GuardianBucket } from '../constructs/guardian-bucket.ts';
import { NotificationTopic } from '../constructs/notification-topic.ts';
import { Observer } from '../constructs/observer.ts';
import { OperationMachine } from '../constructs/operation-machine.ts';
import { Reconciliation } from '../constructs/reconciliation.ts';
import { RecordReconciler } from '../constructs/record-reconciler.ts';
import { RegionAlarms } from '../constructs/region-alarms.ts';
import { RegionComparer } from '../constructs/region-comparer.ts';
import { Steps } from '../constructs/steps.ts';
import { SwitchAlarms } from '../constructs/switch-alarms.ts';
import { WriteBuffer } from '../constructs/write-buffer.ts';
import { isGuardian } from '../placement.ts';

/** Properties of the stack. */
export interface RegionStackProps {
  readonly config: ResolvedConfig;
  readonly region: string;
  readonly bundles: string;
}

/**
 * Everything that runs in an application Region. Every such Region has all of it, since an operation runs in the Region
 * that takes over; and it needs no other stack, so that a Region can be deployed while another one is dead.
 */
export class RegionStack extends Stack {
  constructor(scope: Construct, { config, region, bundles }: RegionStackProps) {
    super(scope, names.stack(config, `region-${region}`), {
      env: { region },
      description: `Switchyard: operations of ${config.application} in ${region}`,
    });
    const { topic, keyArn } = new NotificationTopic(this, 'Notifications', { config });
    const surroundings = { config, bundles, topicKeyArn: keyArn };
    const steps = new Steps(this, 'Steps', surroundings);
    for (const machine of MACHINES) new OperationMachine(this, `Machine-${machine}`, { config, machine, steps });
    const { function: observe } = new Observer(this, 'Observer', surroundings);
    new RecordReconciler(this, 'Reconciler', surroundings);
    if (needsComparison(config)) new RegionComparer(this, 'Comparer', surroundings);
    new EndRecorder(this, 'Ends', surroundings);
    const { reconcile: section } = config;
    if (section !== undefined) new Reconciliation(this, 'Reconciliation', { ...surroundings, section });
    new RegionAlarms(this, 'Alarms', { config, topic });
    new AlarmRule(this, 'AlarmRule', { config, observe });
    if (config.writeBuffer !== undefined) new WriteBuffer(this, 'WriteBuffer', { ...config, ...config.writeBuffer });
    if (config.evacuation.kind === 'cloudwatch') new SwitchAlarms(this, 'SwitchAlarms', { config });
    if (isGuardian(config, region)) new GuardianBucket(this, 'Guardian', { config });
  }
}
