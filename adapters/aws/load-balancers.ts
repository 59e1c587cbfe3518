import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeEndpointGroupCommand,
  type GlobalAcceleratorClient,
  UpdateEndpointGroupCommand,
} from '@aws-sdk/client-global-accelerator';
import { regionOfForwarder } from '../../core/config/forwarder.ts';
import type { Forwarder } from '../../core/config/load-balancers.ts';
import { SwitchyardError } from '../../core/errors.ts';
import type { LoadBalancers } from '../../core/ports.ts';
import { translated } from './translate-error.ts';

/** What the adapter is made of. */
export interface LoadBalancersSettings {
  readonly elbFor: (region: string) => ElasticLoadBalancingV2Client;
  /** The control plane of AWS Global Accelerator is in us-west-2 alone. */
  readonly accelerator: GlobalAcceleratorClient;
}

/**
 * Forward weights of Application Load Balancers, and traffic dials of AWS Global Accelerator. What is as it should be is not
 * written.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html
 * @see https://docs.aws.amazon.com/global-accelerator/latest/api/API_UpdateEndpointGroup.html
 */
export function createLoadBalancers({ elbFor, accelerator }: LoadBalancersSettings): LoadBalancers {
  return {
    setWeights: async (forwarder, weights) => {
      const elb = elbFor(regionOfForwarder(forwarder));
      const before = await actionsOf(elb, forwarder);
      const after = before.map((action) => withWeights(action, weights));
      if (!before.some(isForward)) {
        throw new SwitchyardError(`${forwarder.arn} has no forward action; add one, or take it out of loadBalancers`, {
          code: 'NO_FORWARD_ACTION',
          source: 'operator',
          context: { arn: forwarder.arn },
        });
      }
      if (before.every((action) => hasWeights(action, weights))) return 'unchanged';
      await translated('set the weights', () => setActions(elb, forwarder, after));
      return 'changed';
    },
    setDial: async (EndpointGroupArn, percent) => {
      const { EndpointGroup } = await translated('look at the dial', () =>
        accelerator.send(new DescribeEndpointGroupCommand({ EndpointGroupArn })),
      );
      // 100 where the group says nothing: API_EndpointGroup.
      if ((EndpointGroup?.TrafficDialPercentage ?? 100) === percent) return 'unchanged';
      await translated('turn the dial', () =>
        accelerator.send(new UpdateEndpointGroupCommand({ EndpointGroupArn, TrafficDialPercentage: percent })),
      );
      return 'changed';
    },
  };
}

type Weights = Readonly<Record<string, number>>;

async function actionsOf(elb: ElasticLoadBalancingV2Client, { kind, arn }: Forwarder): Promise<readonly Action[]> {
  if (kind === 'rule') {
    const { Rules = [] } = await translated('look at the rule', () =>
      elb.send(new DescribeRulesCommand({ RuleArns: [arn] })),
    );
    return Rules[0]?.Actions ?? [];
  }
  const { Listeners = [] } = await translated('look at the listener', () =>
    elb.send(new DescribeListenersCommand({ ListenerArns: [arn] })),
  );
  return Listeners[0]?.DefaultActions ?? [];
}

async function setActions(
  elb: ElasticLoadBalancingV2Client,
  { kind, arn }: Forwarder,
  actions: readonly Action[],
): Promise<void> {
  const written = actions.map(keepingSecret);
  await (kind === 'rule'
    ? elb.send(new ModifyRuleCommand({ RuleArn: arn, Actions: written }))
    : elb.send(new ModifyListenerCommand({ ListenerArn: arn, DefaultActions: written })));
}

function isForward({ Type }: Action): boolean {
  return Type === 'forward';
}

/** Stickiness between target groups stays; the one group of the short form gives way to the list. */
function withWeights(action: Action, weights: Weights): Action {
  if (!isForward(action)) return action;
  const { TargetGroupArn: _, ForwardConfig, ...rest } = action;
  const TargetGroups = Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight }));
  return { ...rest, ForwardConfig: { ...ForwardConfig, TargetGroups } };
}

function hasWeights(action: Action, weights: Weights): boolean {
  if (!isForward(action)) return true;
  const groups = action.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: action.TargetGroupArn, Weight: 1 }];
  const entries = Object.entries(weights);
  return (
    groups.length === entries.length &&
    entries.every(([arn, weight]) => groups.some((group) => group.TargetGroupArn === arn && group.Weight === weight))
  );
}

/** The API tells no client secret and asks for one: AuthenticateOidcActionConfig, UseExistingClientSecret. */
function keepingSecret(action: Action): Action {
  const { AuthenticateOidcConfig } = action;
  if (AuthenticateOidcConfig === undefined) return action;
  return { ...action, AuthenticateOidcConfig: { ...AuthenticateOidcConfig, UseExistingClientSecret: true } };
}
