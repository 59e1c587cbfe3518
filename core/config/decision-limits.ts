/** Limits of the decision table unless the config says otherwise (docs/decision.md). */
export const DECISION_LIMITS = {
  errorPercent: 10,
  errorMinutes: 5,
  minimumRequestsPerSecond: 1,
  degradedErrorPercent: 5,
  degradedP95Milliseconds: 1000,
  instancesDownPercent: 50,
  writerFailures: 3,
} as const;
