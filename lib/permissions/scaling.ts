import { callsOf } from './calls-of.ts';
import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/**
 * Looking at what has to grow, and raising it, by name and in the Region of the function.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html
 */
export function scaling(site: Site): readonly Grant[] {
  const {
    config,
    deployment: { account, partition },
    region,
  } = site;
  const targets = config.scaling?.targets ?? [];
  const services = targets.flatMap((target) =>
    target.kind === 'ecs-service'
      ? [`arn:${partition}:ecs:${region}:${account}:service/${target.cluster}/${target.service}`]
      : [],
  );
  const groups = targets.flatMap((target) =>
    target.kind === 'auto-scaling-group'
      ? [`arn:${partition}:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/${target.name}`]
      : [],
  );
  const functions = targets.flatMap((target) => (target.kind === 'custom' ? [target.function] : []));
  return [
    ...(services.length === 0
      ? []
      : [{ purpose: 'ScaleServices', actions: ['ecs:DescribeServices', 'ecs:UpdateService'], resources: services }]),
    ...(groups.length === 0
      ? []
      : [
          {
            purpose: 'LookAtGroups',
            actions: ['autoscaling:DescribeAutoScalingGroups'],
            resources: { anyBecause: 'DescribeAutoScalingGroups has no resource-level permission' },
          },
          {
            purpose: 'ScaleGroups',
            actions: ['autoscaling:UpdateAutoScalingGroup'],
            resources: groups,
            patternBecause: 'Amazon EC2 Auto Scaling gives a group its id when it is created',
          },
        ]),
    ...callsOf(site, 'CallScaling', functions),
  ];
}
