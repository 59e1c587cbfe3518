/** A source that is alive acknowledges a fence at its next renewal; asking more often than this gains nothing, seconds. */
export const FENCE_POLL_SECONDS = 2;
/** Time between two looks at a promotion that is under way, seconds. */
export const PROMOTION_POLL_SECONDS = 5;
/**
 * Longest time between two looks while planned work waits for caches, the lag or connections, seconds: where the source
 * fails meanwhile, its automatic failover waits for the next look.
 */
export const PLANNED_POLL_SECONDS = 10;
/** Time between two looks at a reconciliation, at least and at most: it takes seconds or hours. */
export const RECONCILE_POLL = { leastSeconds: 10, mostSeconds: 300 } as const;
/** Time between two looks at capacity that is on its way: instances and tasks take minutes, seconds. */
export const CAPACITY_POLL_SECONDS = 15;
