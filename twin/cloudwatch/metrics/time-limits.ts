const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long datapoints of one second and of one minute are kept. CloudWatch keeps coarser sums of older data for up to
 * 455 days, the store does not. Source: User Guide, cloudwatch_concepts, "Metrics retention".
 */
export const RETENTION_MS = { seconds: 3 * HOUR_MS, minutes: 15 * DAY_MS } as const;

/** How far a timestamp may lie in the past and in the future. Source: API reference, PutMetricData. */
export const TIMESTAMP_LIMITS_MS = { past: 14 * DAY_MS, future: 2 * HOUR_MS } as const;
