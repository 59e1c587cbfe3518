import type {
  Action,
  DescribeListenersInput,
  DescribeRulesInput,
  ModifyListenerInput,
  ModifyRuleInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { DescribeEndpointGroupRequest, UpdateEndpointGroupRequest } from '@aws-sdk/client-global-accelerator';
import { homeRegion } from '../../core/config/accessors.ts';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

type Config = Pick<ResolvedConfig, 'loadBalancers' | 'regions'>;

/** The APIs of load balancers and accelerators, by service; none where a config names none of them. */
export function balancingServices(
  config: Config,
): Readonly<Partial<Record<'elasticloadbalancing' | 'globalaccelerator', ServiceHandlers>>> {
  const forwards = config.loadBalancers.some(({ kind }) => kind !== 'accelerator');
  const accelerates = config.loadBalancers.some(({ kind }) => kind === 'accelerator');
  return {
    ...(forwards ? { elasticloadbalancing: createForwarding(config) } : {}),
    ...(accelerates ? { globalaccelerator: createDials(config) } : {}),
  };
}

/** Every listener and rule forwards as where the application is at home. */
function createForwarding({ loadBalancers, regions }: Config): ServiceHandlers {
  const home = homeRegion({ regions }).id;
  const actions = new Map<string, Action[]>(
    loadBalancers.flatMap((balancer) => {
      if (balancer.kind === 'accelerator') return [];
      const groups = Object.entries(balancer.weights[home] ?? {});
      const TargetGroups = groups.map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
      return [[balancer.arn, [{ Type: 'forward' as const, ForwardConfig: { TargetGroups } }]]];
    }),
  );
  const find = (arn: string, missing: string): Action[] => {
    const found = actions.get(arn);
    if (found === undefined) throw new ServiceError(missing, `${arn} not found`);
    return found;
  };
  const modify = (arn: string, next: Action[] | undefined, missing: string): Action[] => {
    const after = next ?? find(arn, missing);
    actions.set(arn, after);
    return after;
  };
  const [noListener, noRule] = ['ListenerNotFoundException', 'RuleNotFoundException'];
  return {
    DescribeListeners: ({ ListenerArns = [] }: DescribeListenersInput) => ({
      Listeners: ListenerArns.map((ListenerArn) => ({ ListenerArn, DefaultActions: find(ListenerArn, noListener) })),
    }),
    DescribeRules: ({ RuleArns = [] }: DescribeRulesInput) => ({
      Rules: RuleArns.map((RuleArn) => ({ RuleArn, Actions: find(RuleArn, noRule) })),
    }),
    ModifyListener: ({ ListenerArn = '', DefaultActions }: ModifyListenerInput) => ({
      Listeners: [{ ListenerArn, DefaultActions: modify(ListenerArn, DefaultActions, noListener) }],
    }),
    ModifyRule: ({ RuleArn = '', Actions }: ModifyRuleInput) => ({
      Rules: [{ RuleArn, Actions: modify(RuleArn, Actions, noRule) }],
    }),
  };
}

/** The dial of the Region at home is at 100, the others at 0. */
function createDials({ loadBalancers, regions }: Config): ServiceHandlers {
  const home = homeRegion({ regions }).id;
  const dials = new Map<string, number>(
    loadBalancers.flatMap((balancer) =>
      balancer.kind === 'accelerator'
        ? Object.entries(balancer.endpointGroups).map(([region, arn]): [string, number] => [
            arn,
            region === home ? 100 : 0,
          ])
        : [],
    ),
  );
  const describe = (EndpointGroupArn = '') => {
    const TrafficDialPercentage = dials.get(EndpointGroupArn);
    if (TrafficDialPercentage === undefined) {
      throw new ServiceError('EndpointGroupNotFoundException', 'The endpoint group that you specified does not exist.');
    }
    return { EndpointGroup: { EndpointGroupArn, TrafficDialPercentage } };
  };
  return {
    DescribeEndpointGroup: ({ EndpointGroupArn }: DescribeEndpointGroupRequest) => describe(EndpointGroupArn),
    UpdateEndpointGroup: ({ EndpointGroupArn = '', TrafficDialPercentage }: UpdateEndpointGroupRequest) => {
      describe(EndpointGroupArn);
      if (TrafficDialPercentage !== undefined) dials.set(EndpointGroupArn, TrafficDialPercentage);
      return describe(EndpointGroupArn);
    },
  };
}
