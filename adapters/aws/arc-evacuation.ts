import {
  type Route53RecoveryClusterClient,
  UpdateRoutingControlStateCommand,
} from '@aws-sdk/client-route53-recovery-cluster';
import type { ResolvedConfig } from '../../core/config/types.ts';
import type { EvacuationSwitch, GuardianOutcome } from '../../core/ports.ts';
import { errorName, isTransient } from './translate-error.ts';

type RoutingControls = NonNullable<ResolvedConfig['evacuation']['routingControls']>;
type Endpoint = RoutingControls['endpoints'][number];

/** What the switch is made of. `clientFor` gives the client of an endpoint of the cluster. */
export interface RoutingControlSettings {
  readonly routingControls: RoutingControls;
  readonly clientFor: (endpoint: Endpoint) => Route53RecoveryClusterClient;
  /** Draws from [0, 1): which endpoint is asked first. */
  readonly random: () => number;
}

/** The endpoint itself fails, and another one may answer. */
const NEXT_ENDPOINT = new Set([
  'EndpointTemporarilyUnavailableException',
  'InternalServerException',
  'ThrottlingException',
]);
/** Takes the place of a guardian in what is recorded. */
const CLUSTER = 'routing control';

/**
 * The evacuation switch on routing controls of Application Recovery Controller: Off takes a Region out. The cluster's five
 * endpoints stand in five Regions; each is tried once, in random order, until one has taken the change.
 *
 * A routing control has no condition and no epoch: what was set last counts, and an operation that was overtaken is kept
 * from it by its lease alone. The cluster replicates by itself, so there is nothing to tidy, and what a person has set by
 * hand stays. A safety rule of the control panel may refuse a change; that is told, and never overridden.
 *
 * @see https://docs.aws.amazon.com/r53recovery/latest/dg/best-practices.md (endpoints in random order)
 * @see https://docs.aws.amazon.com/routing-control/latest/APIReference/API_UpdateRoutingControlState.html
 */
export function createArcEvacuation(settings: RoutingControlSettings): EvacuationSwitch {
  return {
    evacuate: async (ward) => [await setState(settings, ward, 'Off')],
    admit: async (ward) => [await setState(settings, ward, 'On')],
    tidy: async () => [{ guardian: CLUSTER, done: true }],
  };
}

async function setState(settings: RoutingControlSettings, ward: string, state: 'On' | 'Off'): Promise<GuardianOutcome> {
  const { routingControls, clientFor, random } = settings;
  const RoutingControlArn = routingControls.controls[ward];
  if (RoutingControlArn === undefined)
    return { guardian: CLUSTER, done: false, reason: `${ward} has no routing control` };
  const reasons: string[] = [];
  for (const endpoint of shuffled(routingControls.endpoints, random)) {
    try {
      const command = new UpdateRoutingControlStateCommand({ RoutingControlArn, RoutingControlState: state });
      await clientFor(endpoint).send(command);
      return { guardian: CLUSTER, done: true };
    } catch (error) {
      reasons.push(`${endpoint.region} ${errorName(error)}: ${error instanceof Error ? error.message : String(error)}`);
      // A refusal is one of the whole cluster.
      if (!NEXT_ENDPOINT.has(errorName(error)) && !isTransient(error)) break;
    }
  }
  return { guardian: CLUSTER, done: false, reason: reasons.join('; ') };
}

/** Fisher and Yates: every order is as likely. */
function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
