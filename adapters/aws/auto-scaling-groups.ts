import {
  type AutoScalingClient,
  type AutoScalingGroup,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { SwitchyardError } from '../../core/errors.ts';
import { OperationError } from '../../core/operation/errors.ts';
import type { Scaler } from './scaling.ts';
import { errorName, translated } from './translate-error.ts';

/** An instance that takes its part: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html */
const IN_SERVICE = 'InService';

/** Faults that pass once another change of the group is done; the code that the API sends, and the class of the SDK. */
const BUSY: ReadonlySet<string> = new Set([
  'ResourceContention',
  'ResourceContentionFault',
  'ScalingActivityInProgress',
  'ScalingActivityInProgressFault',
]);

/**
 * Groups of Amazon EC2 Auto Scaling: instances in service. A group whose greatest size is below what has to run gets that
 * raised too, since the config names the number; a desired capacity outside the limits is refused.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_UpdateAutoScalingGroup.html
 */
export function createAutoScalingGroups(autoScaling: AutoScalingClient): Scaler<'auto-scaling-group'> {
  const describe = (name: string) => describeGroup(autoScaling, name);
  return {
    sizeOf: async ({ name }) => {
      const { DesiredCapacity = 0, Instances = [] } = await describe(name);
      return {
        desired: DesiredCapacity,
        running: Instances.filter(({ LifecycleState }) => LifecycleState === IN_SERVICE).length,
      };
    },
    raise: async ({ name, desired }) => {
      const { MaxSize = 0 } = await describe(name);
      const change = {
        AutoScalingGroupName: name,
        DesiredCapacity: desired,
        ...(MaxSize < desired ? { MaxSize: desired } : {}),
      };
      await unlessBusy(() => autoScaling.send(new UpdateAutoScalingGroupCommand(change)));
    },
  };
}

async function describeGroup(autoScaling: AutoScalingClient, name: string): Promise<AutoScalingGroup> {
  const { AutoScalingGroups = [] } = await unlessBusy(() =>
    autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })),
  );
  const [group] = AutoScalingGroups;
  if (group !== undefined) return group;
  throw new SwitchyardError(
    `there is no Auto Scaling group ${name}; correct scaling.targets in the config, or create it`,
    { code: 'SCALE_TARGET_MISSING', source: 'operator', context: { name } },
  );
}

async function unlessBusy<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await translated('scale the group', call);
  } catch (error) {
    if (!BUSY.has(errorName(error))) throw error;
    throw new OperationError('TransientPlatformError', `${errorName(error)}: ${(error as Error).message}`, {
      retryable: true,
      cause: error,
    });
  }
}
