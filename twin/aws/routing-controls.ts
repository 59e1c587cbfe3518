import type { UpdateRoutingControlStateCommandInput } from '@aws-sdk/client-route53-recovery-cluster';
import type { ServiceHandlers } from './aws-world.ts';
import { ServiceError } from './service-error.ts';

/** Routing controls of a cluster: one state each, whichever endpoint is asked. */
export interface RoutingControls {
  /** `On` until told otherwise. */
  state(arn: string): 'On' | 'Off';
  readonly handlers: ServiceHandlers;
}

/** Controls with these ARNs. */
export function createRoutingControls(arns: readonly string[], onChange: (arn: string) => void): RoutingControls {
  const states = new Map<string, 'On' | 'Off'>(arns.map((arn) => [arn, 'On']));
  return {
    state: (arn) => states.get(arn) ?? 'On',
    handlers: {
      UpdateRoutingControlState: ({
        RoutingControlArn,
        RoutingControlState,
      }: UpdateRoutingControlStateCommandInput) => {
        const arn = RoutingControlArn ?? '';
        if (!states.has(arn))
          throw new ServiceError('ResourceNotFoundException', `Routing control ${arn} not found`, 404);
        if (RoutingControlState === undefined) throw new ServiceError('ValidationException', 'no state was given');
        states.set(arn, RoutingControlState);
        onChange(arn);
        return {};
      },
    },
  };
}
