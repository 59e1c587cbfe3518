/** A bucket of tokens: how many it holds at most, and how many come back per second. */
export interface BucketSize {
  readonly capacity: number;
  readonly perSecond: number;
}

/**
 * The bucket of all operations of an account together; each operation has one by itself besides.
 *
 * Source: DeveloperGuide throttling-api-requests (which replaced the 5 requests per second of DNSLimitations).
 */
const ACCOUNT_BUCKET: BucketSize = { capacity: 50, perSecond: 10 };
/** The bucket of an operation that has none of its own (same page). */
const DEFAULT_OPERATION_BUCKET: BucketSize = { capacity: 50, perSecond: 10 };
/** The buckets of the modelled operations that differ from it (same page). */
const OPERATION_BUCKETS: Readonly<Record<string, BucketSize>> = {
  CreateHealthCheck: { capacity: 50, perSecond: 0.5 },
  CreateHostedZone: { capacity: 40, perSecond: 2 },
  DeleteHealthCheck: { capacity: 15, perSecond: 3 },
  DeleteHostedZone: { capacity: 40, perSecond: 5 },
  GetHealthCheckStatus: { capacity: 4, perSecond: 1 },
  UpdateHealthCheck: { capacity: 50, perSecond: 5 },
};

/** Changes of DNS data, counted per account whatever the operation (same page). */
const CHANGE_BUCKET: BucketSize = { capacity: 1_500, perSecond: 100 };
/** Change tokens by action (same page). */
export const CHANGE_TOKENS: Readonly<Record<'CREATE' | 'DELETE' | 'UPSERT', number>> = {
  CREATE: 1,
  DELETE: 1,
  UPSERT: 2,
};
/** Change tokens for creating or deleting a hosted zone (same page). */
export const HOSTED_ZONE_CHANGE_TOKENS = 2;

const MS_PER_SECOND = 1_000;

/** Admits requests as long as every bucket concerned has its tokens. */
export interface Throttle {
  /** Takes the tokens and says yes, or takes none and says no. */
  admit(operation: string, changeTokens: number, nowMs: number): boolean;
}

/** All buckets begin full; tokens come back continuously and can be used as they come. */
export function createThrottle(): Throttle {
  const account = createBucket(ACCOUNT_BUCKET);
  const changes = createBucket(CHANGE_BUCKET);
  const operations = new Map<string, Bucket>();
  const bucketOf = (operation: string): Bucket => {
    const known = operations.get(operation);
    if (known !== undefined) return known;
    const created = createBucket(OPERATION_BUCKETS[operation] ?? DEFAULT_OPERATION_BUCKET);
    operations.set(operation, created);
    return created;
  };
  return {
    admit: (operation, changeTokens, nowMs) => {
      const demands: readonly (readonly [Bucket, number])[] = [
        [account, 1],
        [bucketOf(operation), 1],
        [changes, changeTokens],
      ];
      if (demands.some(([bucket, tokens]) => bucket.level(nowMs) < tokens)) return false;
      for (const [bucket, tokens] of demands) bucket.take(tokens);
      return true;
    },
  };
}

interface Bucket {
  /** Tokens in it at the time. */
  level(nowMs: number): number;
  take(tokens: number): void;
}

function createBucket({ capacity, perSecond }: BucketSize): Bucket {
  let tokens = capacity;
  let filledAtMs: number | undefined;
  return {
    level: (nowMs) => {
      tokens = Math.min(capacity, tokens + ((nowMs - (filledAtMs ?? nowMs)) / MS_PER_SECOND) * perSecond);
      filledAtMs = nowMs;
      return tokens;
    },
    take: (taken) => {
      tokens -= taken;
    },
  };
}
