import type { AutoScalingGroupNamesType, UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import type { DescribeServicesRequest, UpdateServiceRequest } from '@aws-sdk/client-ecs';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ScalingQuestion } from '../../core/operation/scaling-answers.ts';
import type { FleetSizes } from '../world/fleet-sizes.ts';
import type { AwsCall, ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** The APIs of what a config scales, by service; none where it names none of it. */
export function scalingServices(
  scaling: ResolvedConfig['scaling'],
  sizes: FleetSizes,
): Readonly<Partial<Record<'ecs' | 'autoscaling', ServiceHandlers>>> {
  const kinds = new Set(scaling?.targets.map(({ kind }) => kind));
  return {
    ...(kinds.has('auto-scaling-group') ? { autoscaling: createGroups(sizes) } : {}),
    ...(kinds.has('ecs-service') ? { ecs: createServices(sizes) } : {}),
  };
}

function createServices(sizes: FleetSizes): ServiceHandlers {
  return {
    DescribeServices: ({ cluster, services = [] }: DescribeServicesRequest, { region }: AwsCall) => {
      const found = services.map((service) => ({ service, size: sizes.sizeOf(region, `${cluster}/${service}`) }));
      return {
        services: found.flatMap(({ service, size }) =>
          size === undefined
            ? []
            : [{ serviceName: service, status: 'ACTIVE', desiredCount: size.desired, runningCount: size.running }],
        ),
        failures: found.flatMap(({ service, size }) =>
          size === undefined ? [{ arn: service, reason: 'MISSING' }] : [],
        ),
      };
    },
    UpdateService: ({ cluster, service, desiredCount }: UpdateServiceRequest, { region }: AwsCall) => {
      const name = `${cluster}/${service}`;
      if (sizes.sizeOf(region, name) === undefined)
        throw new ServiceError('ServiceNotFoundException', 'Service not found.');
      if (desiredCount !== undefined) sizes.resize(region, name, desiredCount);
      return { service: { serviceName: service, desiredCount } };
    },
  };
}

function createGroups(sizes: FleetSizes): ServiceHandlers {
  const greatest = new Map<string, number>();
  const maxOf = (region: string, name: string, desired: number): number =>
    greatest.get(`${region} ${name}`) ?? Math.max(1, desired);
  return {
    DescribeAutoScalingGroups: ({ AutoScalingGroupNames = [] }: AutoScalingGroupNamesType, { region }: AwsCall) => ({
      AutoScalingGroups: AutoScalingGroupNames.flatMap((name) => {
        const size = sizes.sizeOf(region, name);
        if (size === undefined) return [];
        const Instances = Array.from({ length: size.desired }, (_, index) => ({
          InstanceId: `i-${index}`,
          LifecycleState: index < size.running ? 'InService' : 'Pending',
        }));
        const MaxSize = maxOf(region, name, size.desired);
        return [{ AutoScalingGroupName: name, DesiredCapacity: size.desired, MinSize: 0, MaxSize, Instances }];
      }),
    }),
    UpdateAutoScalingGroup: (
      { AutoScalingGroupName: name = '', DesiredCapacity, MaxSize }: UpdateAutoScalingGroupType,
      { region }: AwsCall,
    ) => {
      const size = sizes.sizeOf(region, name);
      if (size === undefined) throw new ServiceError('ValidationError', 'AutoScalingGroup name not found - null');
      const most = MaxSize ?? maxOf(region, name, size.desired);
      if (DesiredCapacity !== undefined && DesiredCapacity > most) {
        throw new ServiceError(
          'ValidationError',
          `Desired capacity:${DesiredCapacity} must be between the specified min size and max size:${most}`,
        );
      }
      greatest.set(`${region} ${name}`, most);
      if (DesiredCapacity !== undefined) sizes.resize(region, name, DesiredCapacity);
      return {};
    },
  };
}

/** A function of the user's that scales something, as docs/data-tiers.md asks for one. */
export function answerScalingQuestion(sizes: FleetSizes, region: string, question: ScalingQuestion): unknown {
  const size = sizes.sizeOf(region, question.name);
  if (size === undefined) return { accepted: false, reason: `there is no ${question.name}` };
  if (question.action === 'size') return { ...size };
  sizes.resize(region, question.name, question.desired);
  return { accepted: true };
}
