/**
 * What the users of an application are promised unless its config says otherwise: from the fault, or from the fence of
 * planned work, until a client that honours the TTL is served again, reads and writes; seconds.
 */
export const RTO_TARGETS = {
  regionFailureSeconds: 300,
  databaseFailureSeconds: 180,
  plannedSeconds: 900,
  degradationSeconds: 1800,
} as const;
/** A field of `targets`. */
export type RtoTarget = keyof typeof RTO_TARGETS;
