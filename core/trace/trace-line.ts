import * as z from 'zod';

const t = z.number().min(0).max(1e11).describe('Seconds; where they count from is up to the trace.');
const subject = z.string();
const count = z.int().min(0);
const amount = z.number().min(0);

/** The forms of a line, each by the key that only it has (docs/decision-trace.md). */
export const LINE_FORMS = {
  check: z.strictObject({
    t,
    observer: z.string(),
    subject,
    check: z.string(),
    result: z.enum(['passed', 'failed', 'error']),
  }),
  metric: z.discriminatedUnion('metric', [
    z.strictObject({
      t,
      subject,
      metric: z.literal('error-rate'),
      value: z.number().min(0).max(1, { error: 'must be a fraction, 0 to 1' }),
    }),
    z.strictObject({
      t,
      subject,
      metric: z.enum(['p95-ms', 'requests-per-second', 'replication-lag-seconds']),
      value: amount,
    }),
  ]),
  service: z
    .strictObject({ t, subject, service: z.string(), instances: count, healthyInstances: count })
    .refine(({ instances, healthyInstances }) => healthyInstances <= instances, {
      error: 'must not be more than there are instances',
      path: ['healthyInstances'],
    }),
  coordinationReachable: z.strictObject({ t, subject, coordinationReachable: z.boolean() }),
  end: z.strictObject({ t, end: z.literal(true) }),
} as const;

type LineForms = typeof LINE_FORMS;
/** One raw probe of one observer; `error` where the probe itself broke. */
export type ProbeLine = z.output<LineForms['check']>;
/** What a Region published about itself. */
export type MetricLine = z.output<LineForms['metric']>;
/** Instances of the service of the check with that name. */
export type InstancesLine = z.output<LineForms['service']>;
/** Whether a Region reached the coordination table. */
export type CoordinationLine = z.output<LineForms['coordinationReachable']>;
/** Up to when the trace speaks. */
export type EndLine = z.output<LineForms['end']>;
/** One line of a trace. */
export type TraceLine = ProbeLine | MetricLine | InstancesLine | CoordinationLine | EndLine;
