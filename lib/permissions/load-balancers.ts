import type { Grant } from './grant.ts';
import type { Site } from './site.ts';

/**
 * Setting the weights of the listeners and rules that the config names, and the dials of its endpoint groups.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglobalaccelerator.html
 */
export function loadBalancing({ config: { loadBalancers } }: Site): readonly Grant[] {
  const arnsOf = (wanted: 'listener' | 'rule'): readonly string[] =>
    loadBalancers.flatMap((balancer) => (balancer.kind === wanted ? [balancer.arn] : []));
  const groups = loadBalancers.flatMap((balancer) =>
    balancer.kind === 'accelerator' ? Object.values(balancer.endpointGroups) : [],
  );
  return [
    ...weighing(
      'Listeners',
      ['elasticloadbalancing:DescribeListeners', 'elasticloadbalancing:ModifyListener'],
      arnsOf('listener'),
    ),
    ...weighing('Rules', ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:ModifyRule'], arnsOf('rule')),
    ...(groups.length === 0
      ? []
      : [
          {
            purpose: 'TurnDials',
            actions: ['globalaccelerator:DescribeEndpointGroup', 'globalaccelerator:UpdateEndpointGroup'],
            resources: groups,
          },
        ]),
  ];
}

function weighing(what: string, [look, modify]: readonly [string, string], arns: readonly string[]): readonly Grant[] {
  if (arns.length === 0) return [];
  return [
    {
      purpose: `LookAt${what}`,
      actions: [look],
      resources: { anyBecause: 'describing load balancers has no resource-level permission' },
    },
    { purpose: `Weigh${what}`, actions: [modify], resources: arns },
  ];
}
