import type { Clock } from '../../../core/ports.ts';
import { ServiceError } from '../../aws/service-error.ts';
import { namedError } from '../../step-functions/task-tokens.ts';

/** What an account and a table may do at once; enough for one application that nobody would notice, and not for a thousand. */
export const SERVICE_LIMITS = {
  lambdaConcurrency: {
    value: 1_000,
    source:
      'concurrent executions of an account and Region, by default: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  partitionReadUnits: {
    value: 3_000,
    source:
      'read units of one partition per second: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
  },
  partitionWriteUnits: {
    value: 1_000,
    source:
      'write units of one partition per second: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
  },
  startExecution: {
    value: { burst: 800, perSecond: 150 },
    source: 'StartExecution in most Regions: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
  stateTransition: {
    value: { burst: 800, perSecond: 800 },
    source: 'StateTransition in most Regions: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
} as const;

/** Functions that run at once in a Region. */
export interface Concurrency {
  /** Takes a place, or throws as Lambda throttles. Gives what gives the place back. */
  enter(region: string): () => void;
}

/** The account's concurrency, in every Region. */
export function createConcurrency(most: number = SERVICE_LIMITS.lambdaConcurrency.value): Concurrency {
  const running = new Map<string, number>();
  return {
    enter: (region) => {
      const now = running.get(region) ?? 0;
      if (now >= most) throw namedError('Lambda.TooManyRequestsException', 'Rate Exceeded.');
      running.set(region, now + 1);
      return () => void running.set(region, (running.get(region) ?? 1) - 1);
    },
  };
}

/** A bucket of tokens per key that fills up again by the clock. */
export function createBuckets(
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
  now: () => number,
): (key: string, tokens?: number) => boolean {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (key, tokens = 1) => {
    const bucket = buckets.get(key) ?? { tokens: burst, atMs: now() };
    buckets.set(key, bucket);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now() - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = now();
    if (bucket.tokens < tokens) return false;
    bucket.tokens -= tokens;
    return true;
  };
}

/** Throws as DynamoDB throttles where one partition is asked for more than it can do. */
export function createPartitionLimits(now: () => number): (kind: 'read' | 'write', partition: string) => void {
  const reads = SERVICE_LIMITS.partitionReadUnits.value;
  const writes = SERVICE_LIMITS.partitionWriteUnits.value;
  const mayRead = createBuckets({ burst: reads, perSecond: reads }, now);
  const mayWrite = createBuckets({ burst: writes, perSecond: writes }, now);
  return (kind, partition) => {
    // A state, a record or a report: up to 4 KB read, up to 2 KB written (core/cost/quantities.ts, ITEM_BYTES).
    if (kind === 'read' ? mayRead(partition, 1) : mayWrite(partition, 2)) return;
    throw new ServiceError('ThrottlingException', `the partition ${partition} is throttled`);
  };
}

/** What the state machines of a Region may do at once. */
export interface MachineLimits {
  /** Throws as Step Functions throttles. */
  start(region: string): void;
  /** Waits: a machine that is throttled between two states goes on later. */
  transition(region: string): Promise<void>;
}

/** The account's limits, in every Region. */
export function createMachineLimits(clock: Clock, now: () => number): MachineLimits {
  const mayStart = createBuckets(SERVICE_LIMITS.startExecution.value, now);
  const { burst, perSecond } = SERVICE_LIMITS.stateTransition.value;
  const freeFromMs = new Map<string, number>();
  return {
    start: (region) => {
      if (!mayStart(region)) throw new ServiceError('ThrottlingException', 'Rate exceeded');
    },
    // Whoever comes takes its place in the line: the bucket is empty until the moment at which the line ends.
    transition: async (region) => {
      const fullMs = now() - (burst / perSecond) * 1000;
      const placeMs = Math.max(freeFromMs.get(region) ?? 0, fullMs) + 1000 / perSecond;
      freeFromMs.set(region, placeMs);
      if (placeMs > now()) await clock.sleep(placeMs - now());
    },
  };
}
