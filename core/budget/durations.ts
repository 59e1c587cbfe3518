/**
 * What the steps of an operation take, seconds; the terms of a budget that no field of the config decides. Each is an
 * upper bound that a rehearsal of a dead Region stays under (test/rehearsal/budget.test.ts), not a measurement in AWS.
 */
export const STEP_BUDGET_SECONDS = {
  /** From the report that completes a verdict to an open operation: reading the table, starting the machine, its first step. */
  decision: 3,
  /** With the fence at most 6 s, though the source is dark: its calls have deadlines of 2 s and run beside the others. */
  validation: 4,
  /** The fence's own work, once the last write lease is over. */
  fence: 2,
  /** Between the fence and the switch: asking for the promotion and the scaling, putting the object. */
  shift: 3,
} as const;

/**
 * From the moment at which Route 53's checkers agree to changed answers everywhere, seconds. AWS publishes no figure;
 * assumed, and five times what the twin assumes.
 */
export const HEALTH_PROPAGATION_SECONDS = 5;

/** From the end of a period to its data in CloudWatch, seconds (assumed: `metricArrival` in docs/twin-fidelity.md). */
const METRIC_ARRIVAL_SECONDS = 12;

/** From a fault to its period in CloudWatch, seconds: the one in which it begins is mixed, the next one is whole. */
export function metricVisibleSeconds(periodSeconds: number): number {
  return 2 * periodSeconds + METRIC_ARRIVAL_SECONDS;
}
