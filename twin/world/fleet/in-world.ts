import type { AwsWorld } from '../../aws/aws-world.ts';
import type { DynamoDbSettings } from '../../aws/dynamodb.ts';
import type { LambdaRuntime } from '../../lambda-runtime.ts';
import type { TwinClock } from '../../virtual-clock.ts';
import type { FleetWorld } from './fleet-world.ts';
import { type Concurrency, createPartitionLimits } from './limits.ts';

/** The limit on functions, where there is one. */
export function concurrencyOf(limits: { readonly concurrency: Concurrency } | undefined): {
  concurrency?: Concurrency;
} {
  return limits === undefined ? {} : { concurrency: limits.concurrency };
}

/** The API, which members call once the world is complete. */
export function worldOf({ aws }: { aws?: AwsWorld }): AwsWorld {
  if (aws === undefined) throw new Error('a member of the fleet called AWS before the world was complete');
  return aws;
}

/** A table per member, each with the limits of one partition; the pilot's observers see for all of them. */
export function limitsOfFleet(
  { plan }: FleetWorld,
  { worldNow }: TwinClock,
): Pick<DynamoDbSettings, 'limit' | 'reportsOf'> {
  const members = new Set(plan.members.map(({ application }) => application));
  return {
    limit: createPartitionLimits(worldNow),
    reportsOf: (owner: string) => (members.has(owner) ? plan.pilot.application : undefined),
  };
}

/** Machines call functions, and functions start machines: the runtime is known once both exist. */
export function runtimeOf({ runtime }: { runtime?: LambdaRuntime }): LambdaRuntime {
  if (runtime === undefined) throw new Error('a machine ran before the world was complete');
  return runtime;
}
