import { DescribeServicesCommand, type ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { SwitchyardError } from '../../core/errors.ts';
import type { Scaler } from './scaling.ts';
import { translated } from './translate-error.ts';

/** The only status in which a service keeps its tasks running: API_Service (status) in the Amazon ECS reference. */
const ACTIVE = 'ACTIVE';

/**
 * Services of Amazon ECS: tasks that run. Where Application Auto Scaling looks after the service, its least capacity must
 * not be below what has to run, or it takes tasks away again before traffic has come.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function createEcsServices(ecs: ECSClient): Scaler<'ecs-service'> {
  return {
    sizeOf: async ({ cluster, service }) => {
      const { services = [] } = await translated('describe the service', () =>
        ecs.send(new DescribeServicesCommand({ cluster, services: [service] })),
      );
      const [found] = services;
      if (found === undefined || found.status !== ACTIVE) {
        throw new SwitchyardError(
          `there is no active service ${service} in cluster ${cluster}; correct scaling.targets in the config, or create it`,
          { code: 'SCALE_TARGET_MISSING', source: 'operator', context: { cluster, service, status: found?.status } },
        );
      }
      return { desired: found.desiredCount ?? 0, running: found.runningCount ?? 0 };
    },
    raise: async ({ cluster, service, desired }) => {
      await translated('raise the service', () =>
        ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: desired })),
      );
    },
  };
}
