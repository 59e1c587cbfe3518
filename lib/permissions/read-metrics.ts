import type { Grant } from './grant.ts';

/** Reading metrics of CloudWatch, whichever. */
export const READ_METRICS: Grant = {
  purpose: 'ReadMetrics',
  actions: ['cloudwatch:GetMetricData'],
  resources: { anyBecause: 'GetMetricData has no resource-level permission' },
};
